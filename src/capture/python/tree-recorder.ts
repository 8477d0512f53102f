/** Records a tree of processes: finds them, tells which are Python, samples those, and makes the session. */
import { SessionBuilder } from '../../session/builder.ts';
import type { Pid } from '../../session/ids.ts';
import { withProgramModules } from '../../session/python-program.ts';
import type { Session } from '../../session/session.ts';
import { seconds, type UnixSeconds } from '../../session/units.ts';
import { TimesinkError } from '../../util/errors.ts';
import type { RecorderOptions, Recording } from '../recorder.ts';
import { commandOf, isForkOf, processStatus, programOf } from '../system/process-facts.ts';
import { type NewProcess, ProcessTree } from '../system/process-tree.ts';
import type { Ticker } from '../system/ticker.ts';
import { Failures } from './failures.ts';
import { ForkWatch } from './fork-watch.ts';
import { ProcessSampler, type RecordingContext } from './process-sampler.ts';
import { loadReading, type Reading } from './reading.ts';
import { type FoundRuntime, findRuntime, type RuntimeSearch } from './runtime/find-runtime.ts';

/** A process that runs no Python yet is looked at again this often, in ms: at first, and later. */
const earlyLook = 0;
const lateLook = 10;
const earlyTime = 200;
/** A program that is no Python may load one as a library: its mappings are read again this often, in ms. */
const mappingsLook = 500;
/** Gap without samples, in ms, that is always tolerated. */
const shortestGap = 20;

type Member =
  | {
      readonly state: 'watched';
      program: string;
      /** Since when it runs that program. */
      since: number;
      /** It was about to become a Python when it was last looked at. */
      isStarting: boolean;
      nextLook: number;
      nextMappings: number;
    }
  | { readonly state: 'loading' }
  | { readonly state: 'sampled'; readonly sampler: ProcessSampler; readonly fork: ForkWatch | undefined }
  | { readonly state: 'given-up'; readonly program: string; nextLook: number };

/** Everything is in ms on `performance.now()`. */
export class TreeRecorder {
  readonly #options: RecorderOptions;
  readonly #tree = new ProcessTree();
  readonly #members = new Map<Pid, Member>();
  readonly #parents = new Map<Pid, Pid>();
  /** Those that ran already when they were given to us, until they are sampled. */
  readonly #running = new Set<Pid>();
  readonly #builder = new SessionBuilder();
  readonly #context: RecordingContext;
  readonly #ticker: Ticker;
  readonly #failures = new Failures();
  readonly #notes = new Set<string>();
  readonly #readings = new Map<string, Reading>();
  #startTime = 0;
  #unseen = 0;
  #pythons = 0;
  #loading = 0;
  readonly #others = new Set<string>();

  constructor(options: RecorderOptions, ticker: Ticker) {
    this.#options = options;
    this.#ticker = ticker;
    const session = {
      start: Number.POSITIVE_INFINITY,
      begin: (now: number): void => {
        if (session.start !== Number.POSITIVE_INFINITY) return;
        session.start = now;
        this.#startTime = Date.now() / 1000;
        ticker.restart(now);
      },
    };
    this.#context = {
      builder: this.#builder,
      session,
      counts: { samples: 0, incomplete: 0, retries: 0, notSampled: 0 },
      longestGap: Math.max(10 * options.interval * 1000, shortestGap),
      followAwaits: options.followAwaits,
    };
  }

  /**
   * Watches a process and all that it will start.
   * @param wasRunning it runs its program already
   */
  follow(pid: Pid, now: number, wasRunning = false): void {
    this.#tree.add(pid);
    const parent = processStatus(pid)?.parent;
    const isMember = parent !== undefined && this.#members.has(parent);
    this.#watch({ pid, parent: isMember ? parent : (0 as Pid) }, now);
    if (wasRunning) this.#running.add(pid);
  }

  /** Whether tables are being loaded: then the thread must let promises go on. */
  get isLoading(): boolean {
    return this.#loading > 0;
  }

  /** One look at everything. */
  tick(now: number): void {
    for (const process of this.#tree.poll()) {
      this.#watch(process, now);
    }
    for (const [pid, member] of this.#members) {
      try {
        this.#visit(pid, member, now);
      } catch (error) {
        this.#giveUp(pid, member, error, now);
      }
    }
  }

  /** Ends the recording. */
  finish(now: number): Recording {
    for (const [pid, member] of this.#members) if (member.state === 'sampled') this.#finish(pid, member.sampler, now);
    this.#tree.close();
    if (this.#pythons === 0 && this.#failures.isEmpty) this.#failNoPython();
    return { session: this.#session(now), failures: this.#failures.list() };
  }

  #watch({ pid, parent }: NewProcess, now: number): void {
    this.#parents.set(pid, parent);
    const nothingYet = { program: '', since: now, isStarting: false };
    this.#members.set(pid, { state: 'watched', ...nothingYet, nextLook: now, nextMappings: 0 });
  }

  #visit(pid: Pid, member: Member, now: number): void {
    if (member.state === 'sampled') {
      if (member.fork?.isReplaced(now) || !member.sampler.tick(now)) this.#imageGone(pid, member.sampler, now);
    } else if (member.state !== 'loading' && now >= member.nextLook) this.#look(pid, member, now);
  }

  /** A fault of ours: it must cost neither the other processes nor what was recorded of this one. */
  #giveUp(pid: Pid, member: Member, error: unknown, now: number): void {
    this.#failures.add(asFailure(error, pid));
    this.#members.set(pid, { state: 'given-up', program: programOf(pid) ?? '', nextLook: now + lateLook });
    if (member.state === 'sampled') this.#finish(pid, member.sampler, now);
  }

  #finish(pid: Pid, sampler: ProcessSampler, now: number): void {
    try {
      sampler.finish(now);
    } catch (error) {
      this.#failures.add(asFailure(error, pid));
    }
  }

  /** Looks whether a process has become a Python. */
  #look(pid: Pid, member: Extract<Member, { state: 'watched' | 'given-up' }>, now: number): void {
    const program = programOf(pid);
    if (program === undefined) {
      if (member.state === 'watched' && this.#mayHaveRunPython(pid, member)) this.#unseen++;
      this.#drop(pid);
      return;
    }
    if (member.state === 'given-up') {
      member.nextLook = now + lateLook;
      if (program !== member.program) this.#watch({ pid, parent: this.#parentOf(pid) }, now);
      return;
    }
    const isKnown = program === member.program;
    if (!isKnown) {
      member.program = program;
      member.since = now;
    }
    member.nextLook = now + (now - member.since < earlyTime ? earlyLook : lateLook);
    if (isKnown && now < member.nextMappings) return;
    member.isStarting = false;
    this.#examine(pid, member, findRuntime(pid), now);
  }

  #examine(pid: Pid, member: Extract<Member, { state: 'watched' }>, search: RuntimeSearch, now: number): void {
    switch (search.kind) {
      case 'found':
        this.#pythons++;
        this.#members.set(pid, { state: 'loading' });
        void this.#begin(pid, search, now);
        return;
      case 'not-yet':
        member.isStarting = true;
        member.nextMappings = now;
        return;
      case 'not-python':
        if (!this.#isOurStart(pid, search.what)) this.#others.add(search.what);
        member.nextMappings = now + mappingsLook;
        return;
      case 'gone':
        this.#unseen++;
        this.#drop(pid);
        return;
      case 'unsupported':
        this.#fail(
          'UNSUPPORTED_RUNTIME',
          `process ${pid} was not recorded: it is ${search.what}`,
          /^PyPy/.test(search.what)
            ? 'It samples itself where timesink starts it: timesink --python pypy3 script.py'
            : 'timesink reads CPython 3.8 and newer',
        );
        break;
      case 'denied':
        this.#fail(
          'PERMISSION_DENIED',
          `process ${pid} was not recorded: ${search.why}`,
          this.#wayOut(pid, search.hint),
        );
        break;
    }
    this.#members.set(pid, { state: 'given-up', program: member.program, nextLook: now + lateLook });
  }

  async #begin(pid: Pid, runtime: FoundRuntime, now: number): Promise<void> {
    this.#loading++;
    try {
      const key = `${runtime.version.text}${runtime.freeThreaded}${runtime.machine}${runtime.libc}`;
      const reading = this.#readings.get(key) ?? (await loadReading(runtime));
      this.#readings.set(key, reading);
      if (this.#members.get(pid)?.state !== 'loading') return;
      const info = { pid, parentPid: this.#parentOf(pid), command: commandOf(pid) };
      // In this order: if it calls `exec` meanwhile, that is noticed.
      const watch = new ForkWatch(pid, now);
      const isFork = isForkOf(pid, info.parentPid);
      const wasRunning = this.#running.delete(pid);
      const sampler = new ProcessSampler(this.#context, info, runtime, reading, isFork || wasRunning);
      this.#tree.keepImage(pid);
      for (const note of reading.notes) this.#notes.add(note);
      this.#members.set(pid, { state: 'sampled', sampler, fork: isFork ? watch : undefined });
    } catch (error) {
      if (programOf(pid) === undefined) this.#unseen++;
      else this.#failures.add(asFailure(error, pid));
      this.#members.set(pid, { state: 'given-up', program: programOf(pid) ?? '', nextLook: 0 });
    } finally {
      this.#loading--;
    }
  }

  /** The process has ended, or runs another program now. */
  #imageGone(pid: Pid, sampler: ProcessSampler, now: number): void {
    this.#finish(pid, sampler, now);
    if (programOf(pid) === undefined) {
      if (!sampler.isRecorded && this.#parentOf(pid) !== 0) this.#unseen++;
      this.#drop(pid);
    } else this.#watch({ pid, parent: this.#parentOf(pid) }, now);
  }

  /** The shell that holds the program, and the `env` that it becomes before that: no part of what the user runs. */
  #isOurStart(pid: Pid, program: string): boolean {
    return this.#parentOf(pid) === 0 && (program === 'env' || commandOf(pid).includes('timesink-start'));
  }

  /** Python takes a while to start: only a copy of one can have run any in the moment that it lived. */
  #mayHaveRunPython(pid: Pid, { program, isStarting }: Extract<Member, { state: 'watched' }>): boolean {
    const isCopy = program === '' && this.#members.get(this.#parentOf(pid))?.state === 'sampled';
    return isCopy || (isStarting && this.#parentOf(pid) !== 0);
  }

  #drop(pid: Pid): void {
    this.#members.delete(pid);
    this.#parents.delete(pid);
    this.#tree.remove(pid);
  }

  #parentOf(pid: Pid): Pid {
    return this.#parents.get(pid) ?? (0 as Pid);
  }

  #fail(code: TimesinkError['code'], message: string, hint: string): void {
    this.#failures.add(new TimesinkError(code, message, { hint }));
  }

  /** A program that runs already cannot begin to sample itself. */
  #wayOut(pid: Pid, hint: string): string {
    return this.#running.has(pid) ? hint : `${hint} With TIMESINK_ENGINE=inprocess the program samples itself.`;
  }

  #failNoPython(): void {
    const names = [...this.#others];
    const what = names.length === 0 ? '' : `; what ran was ${names.slice(0, 5).join(', ')}`;
    this.#fail(
      'NOT_PYTHON',
      `no Python process was seen${what}`,
      'timesink records Python programs: give it a script, or a command that starts Python.',
    );
  }

  #session(now: number): Session {
    const { session, counts } = this.#context;
    const hasStarted = Number.isFinite(session.start);
    const duration = hasStarted ? (now - session.start) / 1000 : 0;
    const finished = this.#builder.finish({
      description: this.#options.description,
      startTime: (hasStarted ? this.#startTime : Date.now() / 1000) as UnixSeconds,
      duration: seconds(duration),
      cpuTime: seconds(0),
      minInterval: this.#options.interval,
      maxInterval: this.#options.interval,
      sampleCount: hasStarted ? this.#ticker.ticks : 0,
      engine: 'outside',
      startCallStack: [],
      quality: {
        ticks: this.#ticker.ticks,
        missedTicks: this.#ticker.missed,
        samples: counts.samples,
        incompleteSamples: counts.incomplete,
        retries: counts.retries,
        notSampled: seconds(counts.notSampled),
        unseenProcesses: this.#unseen,
      },
      notes: [...this.#notes],
    });
    const cpuTime = finished.processes.reduce((sum, process) => sum + process.cpuTime, 0);
    return withProgramModules({ ...finished, meta: { ...finished.meta, cpuTime: seconds(cpuTime) } });
  }
}

function asFailure(error: unknown, pid: Pid): TimesinkError {
  if (error instanceof TimesinkError) return error;
  return new TimesinkError('INTERNAL', `process ${pid} was not recorded to its end: ${(error as Error).message}`, {
    cause: error,
  });
}
