/** What happens when a line comes in: the request is checked, done, and answered. */
import { setCompilers } from '../capture/compilers.ts';
import { openRegionRecorder } from '../capture/python/region-recorder.ts';
import type {
  RegionContext as BoundContext,
  RegionEnd,
  RegionOptions,
  RegionProgram,
  RegionRecorder,
} from '../capture/region.ts';
import type { OwnPackage } from '../capture/region-session.ts';
import { workingFolder } from '../capture/system/process-facts.ts';
import type { Pid } from '../session/ids.ts';
import type { Session } from '../session/session.ts';
import { seconds, type UnixSeconds } from '../session/units.ts';
import { InprocessRecorder } from './inprocess.ts';
import { KeptSessions } from './kept-sessions.ts';
import {
  type HelloAnswer,
  type HelloRequest,
  limits,
  type PlainError,
  protocolVersion,
  type RecorderRequest,
  type SamplesRequest,
  type SessionAnswer,
  type SessionId,
  type StartAnswer,
  type StartRequest,
  type StopRequest,
} from './protocol.ts';
import { plainError, RequestError } from './request-error.ts';
import { parseRequest, UnreadableRequest } from './requests.ts';

declare const __VERSION__: string;

/** Rows kept of a thread where the client does not say. */
const defaultSamples = 500_000;

/** In seconds, for intervals that are none (pyinstrument 5.1.3 behaviour). */
const defaultInterval = 0.001;

/** Rows of a session, and characters of a request, from which on it pays to compile what works on them. */
const largeSession = 20_000;
const largeRequest = 2 ** 20;

/** Members of an answer; `json` are those whose values are JSON already. */
interface Answer {
  readonly members: object;
  readonly json?: readonly [name: string, text: string];
}

/** Everything after `hello`. */
interface Connection {
  readonly recorder: RegionRecorder;
  readonly inprocess: InprocessRecorder | undefined;
  readonly pid: Pid;
  program: RegionProgram;
  readonly running: Set<number>;
}

/** One client's recorder. */
export class RecorderServer {
  readonly #write: (line: string) => void;
  readonly #sessions = new KeptSessions(limits.sessions);
  #connection: Promise<Connection> | undefined;

  /** @param write gets each answer, without the end of its line */
  constructor(write: (line: string) => void) {
    this.#write = write;
  }

  /** Answers a line; null stands for one that was too long. Never rejects. */
  async receive(line: string | null): Promise<void> {
    let id: number | null = null;
    try {
      if (line === null) throw new UnreadableRequest(null, 'the line is too long');
      if (line.length > largeRequest) setCompilers(true);
      const parsed = parseRequest(line);
      id = parsed.id;
      const answer = await this.#answer(parsed.request);
      if (id !== null) this.#write(formatAnswer(id, answer));
    } catch (error) {
      const isUnreadable = error instanceof UnreadableRequest;
      if (isUnreadable) id = error.id;
      if (id !== null || isUnreadable) this.#write(JSON.stringify({ id, error: plainError(error) }));
    }
  }

  async #answer(request: RecorderRequest): Promise<Answer> {
    switch (request.kind) {
      case 'hello':
        return { members: await this.#hello(request) };
      case 'start':
        return { members: await this.#start(request) };
      case 'stop':
        return { members: await this.#stop(request) };
      case 'cancel': {
        const { recorder, running } = await this.#connected();
        if (running.delete(request.region)) recorder.cancel(request.region);
        return { members: {} };
      }
      case 'pause':
      case 'resume':
        (await this.#connected()).recorder[request.kind](request.region, seconds(request.at));
        return { members: {} };
      case 'samples':
        await this.#addSamples(request);
        return { members: {} };
      case 'drop':
        for (const session of request.sessions) this.#sessions.drop(session);
        return { members: {} };
      default:
        return this.#report(request);
    }
  }

  /** Requests that need what is loaded late. */
  async #report(
    request: Extract<
      RecorderRequest,
      { kind: 'render' | 'session' | 'load' | 'combine' | 'resample' | 'tree' | 'process' }
    >,
  ): Promise<Answer> {
    const kept = (number: SessionId): Session => this.#kept(number);
    const reports = await import('./reports.ts');
    switch (request.kind) {
      case 'render': {
        const folder = this.#connection === undefined ? '/' : workingFolder((await this.#connected()).pid);
        return { members: reports.render(kept(request.session), request, folder) };
      }
      case 'session':
        return { members: {}, json: ['pyisession', reports.formatPyisession(kept(request.session))] };
      case 'load':
        return { members: this.#sessions.add(reports.load(request)) };
      case 'combine':
        return { members: this.#sessions.add(reports.combine(request.sessions.map(kept))) };
      case 'resample':
        return { members: this.#sessions.add(reports.resample(kept(request.session), request.interval)) };
      case 'tree':
        return { members: reports.tree(kept(request.session), request.trimStem) };
      case 'process': {
        const nowhere = { sysPath: [], sysPrefixes: [] };
        const program = this.#connection === undefined ? nowhere : (await this.#connected()).program;
        return { members: reports.processNodes(request, program) };
      }
    }
  }

  #kept(number: SessionId): Session {
    const session = this.#sessions.get(number);
    if (session.threads.some(({ weight }) => weight.length > largeSession)) setCompilers(true);
    return session;
  }

  async #hello(request: HelloRequest): Promise<HelloAnswer> {
    if (this.#connection !== undefined) throw new RequestError('MALFORMED', 'hello was said already');
    if (request.protocol !== protocolVersion) {
      const hint = 'Install the package and its recorder from one version of timesink.';
      throw new RequestError('MALFORMED', `this recorder speaks version ${protocolVersion} of the protocol`, hint);
    }
    const opening = openEngine(request);
    this.#connection = opening.then(({ connection }) => connection);
    // Whoever waits for it is told; without anyone, nobody needs to be.
    this.#connection.catch(() => {
      this.#connection = undefined;
    });
    const { connection, refusal } = await opening;
    const engine = connection.inprocess === undefined ? 'outside' : 'inprocess';
    return { protocol: protocolVersion, version: __VERSION__, engine, refusal };
  }

  #connected(): Promise<Connection> {
    if (this.#connection === undefined) throw new RequestError('MALFORMED', 'hello was not said yet');
    return this.#connection;
  }

  async #start(request: StartRequest): Promise<StartAnswer> {
    const { recorder, running } = await this.#connected();
    const { region } = request;
    if (running.has(region)) throw new RequestError('REGION', `region ${region} runs already`);
    if (running.size >= limits.regions) throw new RequestError('LIMIT', `${limits.regions} regions run already`);
    running.add(region);
    try {
      return { coroutines: await recorder.start(regionOptions(request)) };
    } catch (error) {
      running.delete(region);
      throw error;
    }
  }

  async #stop(request: StopRequest): Promise<SessionAnswer> {
    const connection = await this.#connected();
    if (!connection.running.delete(request.region)) {
      throw new RequestError('REGION', `there is no region ${request.region}`);
    }
    const { program } = connection;
    if (request.sysPath !== null) connection.program = { ...program, sysPath: request.sysPath };
    const end: RegionEnd = {
      region: request.region,
      at: seconds(request.at),
      cpuTime: seconds(request.cpuTime),
      program: connection.program,
      notes: request.notes.slice(0, limits.notes),
    };
    return this.#sessions.add(await connection.recorder.stop(end));
  }

  async #addSamples(request: SamplesRequest): Promise<void> {
    const { inprocess } = await this.#connected();
    if (inprocess === undefined) throw new RequestError('MALFORMED', 'samples are taken from outside');
    inprocess.add(request);
  }
}

/** Opens the process, or says why the program must sample itself. */
async function openEngine(
  request: HelloRequest,
): Promise<{ readonly connection: Connection; readonly refusal: PlainError | null }> {
  const { pid, version, command, sysPath, sysPrefixes } = request;
  const own: OwnPackage = { folder: request.packageFolder, innerFiles: request.innerFiles };
  const connection = {
    pid: pid as Pid,
    program: { command, version, sysPath, sysPrefixes },
    running: new Set<number>(),
  };
  let refusal: PlainError | null = null;
  if (request.engine !== 'inprocess') {
    try {
      const recorder = await openOutside(request, own);
      return { connection: { ...connection, recorder, inprocess: undefined }, refusal };
    } catch (error) {
      if (request.engine === 'outside') throw error;
      refusal = plainError(error);
    }
  }
  const inprocess = new InprocessRecorder(pid as Pid, own);
  return { connection: { ...connection, recorder: inprocess, inprocess }, refusal };
}

function openOutside(request: HelloRequest, own: OwnPackage): Promise<RegionRecorder> {
  if (process.platform !== 'linux') {
    throw new RequestError('UNSUPPORTED_RUNTIME', `on ${process.platform} the memory of other processes is not read`);
  }
  if (request.implementation !== 'cpython') {
    throw new RequestError(
      'UNSUPPORTED_RUNTIME',
      `the memory of ${request.implementation} is not read: only of CPython`,
    );
  }
  const contextVariable = request.contextVariable?.address ?? 0;
  return openRegionRecorder({ pid: request.pid as Pid, version: request.version, contextVariable, own });
}

function regionOptions(request: StartRequest): RegionOptions {
  const { asyncMode, context, interval } = request;
  const isBound = asyncMode !== 'disabled' && context !== null;
  const bound: BoundContext | null = isBound
    ? { mode: asyncMode, value: context.value, parent: context.parent, coroutine: context.coroutine ?? 0 }
    : null;
  return {
    region: request.region,
    interval: seconds(interval > 0 ? interval : defaultInterval),
    thread: request.thread,
    allThreads: request.threads === 'all',
    maxSamples: request.maxSamples ?? defaultSamples,
    context: bound,
    description: request.description,
    startCallStack: request.startCallStack,
    startTime: request.startTime as UnixSeconds,
    at: seconds(request.at),
  };
}

function formatAnswer(id: number, { members, json }: Answer): string {
  const text = JSON.stringify({ id, ...members });
  return json === undefined ? text : `${text.slice(0, -1)},${JSON.stringify(json[0])}:${json[1]}}`;
}
