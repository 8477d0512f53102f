/** What is found of the regions of a program? Follows them as a recorder does, driven by the program itself. */
import { expect, onTestFinished } from 'vitest';
import type { Region, RegionThread } from '../../src/capture/python/async/region.ts';
import { RegionFollower } from '../../src/capture/python/async/region-follower.ts';
import { CCallees } from '../../src/capture/python/code/c-callee.ts';
import { CallSource } from '../../src/capture/python/code/call-source.ts';
import { listInterpreters, listThreads } from '../../src/capture/python/runtime/threads.ts';
import { StackNamer } from '../../src/capture/python/stack-namer.ts';
import { ThreadActivity } from '../../src/capture/system/thread-activity.ts';
import { SessionBuilder } from '../../src/session/builder.ts';
import { noStack, type StackIndex, type Tid } from '../../src/session/ids.ts';
import type { FrameInfo, SessionMeta } from '../../src/session/session.ts';
import type { Python } from './pythons.ts';
import { type OpenTarget, openTarget, pause, startTarget, type Target, walkerOf } from './target.ts';

/**
 * Python source: `with Region('name', mode):` is followed; `expect('name', {path: seconds})` says what should be found of it;
 * `timed()` gives the seconds since it was called last, `took` those of each `busy(seconds)`; `finish()` ends the program.
 */
export const regionProgram = `
import contextvars, ctypes, json, sys, threading, time

_variable = contextvars.ContextVar('region')
_expected = {}

class Value: pass

def _say(**message):
    print(json.dumps(message), flush=True)
    return json.loads(sys.stdin.readline())

def _current_coroutine():
    try: return id(sys.modules['asyncio'].current_task().get_coro())
    except (KeyError, RuntimeError, AttributeError): return 0

class Region:
    def __init__(self, name, mode='enabled', threads=()):
        self.name = name
        self.mode = mode
        self.threads = threads
    def start(self):
        self.around = _variable.get(None)
        self.value = Value()
        if self.mode != 'disabled': _variable.set(self.value)
        answer = _say(
            kind='start', name=self.name, mode=self.mode, variable=id(_variable), value=id(self.value),
            parent=0 if self.around is None else id(self.around), hint=_current_coroutine(),
            ident=threading.get_ident(), threads=list(self.threads))
        self.held = [ctypes.cast(each, ctypes.py_object).value for each in answer]
    def stop(self):
        if _variable.get(None) is self.value: _variable.set(self.around)
        _say(kind='stop', name=self.name)
        del self.held
    def __enter__(self): self.start(); return self
    def __exit__(self, *error): self.stop()

def expect(name, seconds): _expected[name] = seconds
def finish(): _say(kind='end', expected=_expected)

def busy(seconds):
    start = time.perf_counter()
    while time.perf_counter() < start + seconds: pass
    took.append(time.perf_counter() - start)
took = []

_last = [0]
def timed():
    now = time.perf_counter()
    elapsed, _last[0] = now - _last[0], now
    return elapsed
`;

/** Functions that are left out of paths: those of {@link regionProgram}, and what all others stand on. */
const unnamed: ReadonlySet<string> = new Set([
  '<module>',
  'main',
  '_say',
  'start',
  'stop',
  '__enter__',
  '__exit__',
  'timed',
]);

/** Seconds by path: names of the program's own functions, from the outermost in, and `[await]` and the like. */
export type SecondsByPath = Readonly<Record<string, number>>;

/** What was found of each region, by its name, and what the program itself says of them. */
export interface Followed {
  readonly found: Readonly<Record<string, SecondsByPath>>;
  /** Seconds in which nobody could look, by region: this machine has other things to do. */
  readonly missed: SecondsByPath;
  readonly expected: Readonly<Record<string, SecondsByPath>>;
}

type Message =
  | (Start & { readonly kind: 'start' })
  | { readonly kind: 'stop'; readonly name: string }
  | { readonly kind: 'end'; readonly expected: Followed['expected'] };

interface Start {
  readonly name: string;
  readonly mode: Region['mode'];
  readonly variable: number;
  readonly value: number;
  readonly parent: number;
  readonly hint: number;
  readonly ident: number;
  /** Idents of other threads that count, too. */
  readonly threads: readonly number[];
}

interface Watched {
  readonly follower: RegionThread;
  readonly activity: ThreadActivity;
}

interface Running {
  readonly start: Start;
  readonly region: Region;
  readonly seconds: Map<StackIndex, number>;
  missed: number;
}

/** Seconds without a look that are nobody's. */
const longestGap = 0.01;

/** Runs a program that begins with {@link regionProgram} and ends with `finish()`; a look at every ms or so. */
export async function followRegions(python: Pick<Python, 'path'>, program: string): Promise<Followed> {
  const target = startTarget(python as Python, regionProgram + program);
  let next = target.line();
  let line: string | undefined = await next;
  const recorder = new TestRecorder(target, await openTarget(target));
  for (;;) {
    recorder.tick();
    if (line !== undefined) {
      const message = JSON.parse(line) as Message;
      target.say(JSON.stringify(recorder.take(message)));
      if (message.kind === 'end') return { ...recorder.finish(), expected: message.expected };
      next = target.line();
    }
    line = await Promise.race([next, pause(1).then(() => undefined)]);
  }
}

class TestRecorder {
  readonly #target: Target;
  readonly #open: OpenTarget;
  readonly #builder = new SessionBuilder();
  readonly #watched = new Map<number, Watched>();
  readonly #running = new Map<string, Running>();
  readonly #ended: Running[] = [];
  readonly #namer: StackNamer;
  #follower: RegionFollower | undefined;
  #last = 0;

  constructor(target: Target, open: OpenTarget) {
    this.#target = target;
    this.#open = open;
    const { reader, instructions } = open;
    this.#namer = new StackNamer(this.#builder, reader, new CCallees(reader, instructions, new CallSource('', '/')));
  }

  /** Does what a message says. @returns the answer */
  take(message: Message): unknown {
    if (message.kind === 'start') return this.#begin(message);
    if (message.kind === 'stop') this.#end(message.name);
    return null;
  }

  tick(): void {
    const now = performance.now();
    const elapsed = (now - this.#last) / 1000;
    this.#last = now;
    this.#open.codes.now = now;
    const regions = [...this.#running.values()];
    if (elapsed > longestGap) for (const region of regions) region.missed += elapsed;
    const weight = elapsed > longestGap ? 0 : elapsed;
    for (const [ident, { follower, activity }] of this.#watched) {
      const here = regions.filter(({ start }) => start.ident === ident || start.threads.includes(ident));
      if (here.length === 0) continue;
      activity.look();
      const isRead = follower.look(
        here.map(({ region }) => region),
        !activity.isRunning,
      );
      if (!isRead) continue;
      for (const { region, seconds } of here) {
        const stack = follower.stackOf(region);
        if (stack !== undefined) seconds.set(stack, (seconds.get(stack) ?? 0) + weight);
      }
    }
  }

  finish(): Pick<Followed, 'found' | 'missed'> {
    const { frames, stacks } = this.#builder.finish({} as SessionMeta);
    const pathOf = (stack: StackIndex): string | undefined => {
      const path: string[] = [];
      for (let at: number = stack; at !== noStack; at = stacks.parent[at] as number) {
        const { file, functionName } = frames[stacks.frame[at] as number] as FrameInfo;
        // Waits for our answer, and not for something that was begun there.
        if (functionName === '_say' && path.length === 0) return undefined;
        const isShown = file === null || (file === this.#target.file && !unnamed.has(functionName));
        if (isShown) path.push(functionName);
      }
      return path.reverse().join(' > ');
    };
    const found = this.#ended.map(({ start, seconds }) => {
      const sums: Record<string, number> = {};
      for (const [stack, time] of seconds) {
        const path = pathOf(stack);
        if (path !== undefined) sums[path] = (sums[path] ?? 0) + time;
      }
      return [start.name, sums] as const;
    });
    return {
      found: Object.fromEntries(found),
      missed: Object.fromEntries(this.#ended.map(({ start, missed }) => [start.name, missed])),
    };
  }

  #begin(start: Start): readonly number[] {
    const { mode, value, parent, hint, ident, threads, variable } = start;
    const { reader, instructions, codes } = this.#open;
    this.#follower ??= new RegionFollower({ reader, instructions, codes, namer: this.#namer }, variable);
    const thread = this.#watch(ident);
    for (const other of threads) this.#watch(other);
    const inOtherThreads = threads.length > 0;
    const region = thread.follower.begin({
      ...{ mode, parent, hint, inOtherThreads },
      value: mode === 'disabled' ? 0 : value,
    });
    if (region === undefined) throw new Error('the region could not be begun');
    this.#running.set(start.name, { start, region, seconds: new Map(), missed: 0 });
    this.#last = performance.now();
    return region.coroutines;
  }

  #end(name: string): void {
    const running = this.#running.get(name);
    if (running === undefined) throw new Error(`no region ${name} runs`);
    this.#watch(running.start.ident).follower.end(running.region);
    this.#running.delete(name);
    this.#ended.push(running);
  }

  #watch(ident: number): Watched {
    const known = this.#watched.get(ident);
    if (known !== undefined) return known;
    const { reader, runtime } = this.#open;
    const thread = listThreads(reader, listInterpreters(reader, runtime)).find((one) => one.ident === ident);
    if (thread === undefined) throw new Error(`there is no thread ${ident}`);
    const activity = new ThreadActivity(this.#target.pid, thread.tid as Tid);
    onTestFinished(() => activity.close());
    const follower = (this.#follower as RegionFollower).thread(
      thread.threadState,
      walkerOf(this.#open, thread.threadState),
    );
    const watched = { follower, activity };
    this.#watched.set(ident, watched);
    return watched;
  }
}

/** Seconds that a path may be off, whatever its length: looks on a busy machine come late. */
const always = 0.03;

/** Each path has the time that the program says, and no other path has much. */
export function expectFollowed({ found, missed, expected }: Followed): void {
  expect(Object.keys(found).sort()).toEqual(Object.keys(expected).sort());
  for (const [name, paths] of Object.entries(expected)) {
    const seconds = found[name] ?? {};
    const tolerance = always + (missed[name] ?? 0);
    const off = Object.entries(paths).filter(
      ([path, time]) => Math.abs((seconds[path] ?? 0) - time) > tolerance + 0.1 * time,
    );
    const others = Object.entries(seconds).filter(([path, time]) => paths[path] === undefined && time > tolerance);
    expect(
      { off, others },
      `${name}: ${JSON.stringify({ found: seconds, missed: missed[name], expected: paths })}`,
    ).toEqual({
      off: [],
      others: [],
    });
  }
}
