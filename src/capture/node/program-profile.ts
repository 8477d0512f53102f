/** What did the program do, out of what V8 sampled of its thread? */
import { pathToFileURL } from 'node:url';
import type { V8CallFrame } from '../../session/cpuprofile-nodes.ts';
import type { V8Profile } from '../../session/cpuprofile-profile.ts';
import { fileOfUrl } from '../../session/javascript-urls.ts';
import { type AwaitPath, functionKey, type KnownAwaits, waitingCallers } from './await-paths.ts';
import { type FrameOrigin, isBlockingWait, originOfFrames } from './frame-origin.ts';
import { type Activity, endsOfIdleTime } from './idle-ends.ts';
import type { JoinedProfile } from './joined-profile.ts';
import type { ThreadFacts } from './left-files.ts';
import { noNode, plainCall, type V8Call, V8Tree } from './v8-tree.ts';

/** What is known of a thread besides its samples. */
export interface ThreadOfProgram extends Pick<ThreadFacts, 'main' | 'preload' | 'wasRunning'> {
  /** A longer time without a sample, in µs, is not charged to one. */
  readonly longestGap: number;
}

/** What is left of a thread's samples, all below one root: the program's main module. */
export interface ProgramProfile {
  readonly profile: V8Profile;
  /** µs for which nobody looked. */
  readonly notSampled: number;
}

const named = (functionName: string): V8CallFrame => ({ functionName, url: '', lineNumber: -1, columnNumber: -1 });
const leaf = (functionName: string, kind: V8Call['kind']): V8Call => ({ ...plainCall(named(functionName)), kind });
const awaiting: V8Call = { ...leaf('[await]', 'await'), waits: true };
/** Nobody knows whether the thread ran. */
const unsampled: V8Call = { ...leaf('[not sampled]', 'not-sampled'), waits: true };

/**
 * Node's own start is left out, and so are its functions that call the program: what the event loop calls stands below the
 * main module, what goes on after an await below those who wait for it. Idle time that an await ended stands at that await.
 * Undefined where the program never began.
 */
export function profileOfProgram(
  joined: JoinedProfile,
  thread: ThreadOfProgram,
  awaits: KnownAwaits,
): ProgramProfile | undefined {
  const reading = new ProfileReading(joined, thread);
  const { times } = joined;
  const endOf = endsOfIdleTime((sample) => reading.activityAt(sample), times, awaits);
  const begin = reading.firstSample(endOf.findIndex((end) => end !== undefined));
  if (begin === undefined) return undefined;
  const callers = waitingCallers(awaits.paths, idleWeights(endOf, times));
  const writing = new ProfileWriting(reading, callers);
  const samples = new Int32Array(times.length - begin);
  const weights = new Float64Array(times.length - begin);
  let notSampled = 0;
  let last = noNode;
  for (let sample = begin; sample < times.length; sample++) {
    const weight = sample === 0 ? 0 : (times[sample] as number) - (times[sample - 1] as number);
    const isGap = weight > thread.longestGap;
    if (isGap) notSampled += weight;
    const node = isGap ? writing.leaf(unsampled) : writing.nodeOf(sample, endOf[sample], last);
    if (!isGap && !reading.isIdle(sample)) last = node;
    samples[sample - begin] = node;
    weights[sample - begin] = weight;
  }
  return { profile: writing.tree.finish({ samples, weights, start: times[begin] as number }), notSampled };
}

/** How long, in µs, the thread was idle for each await. */
function idleWeights(endOf: readonly (AwaitPath | undefined)[], times: Float64Array): ReadonlyMap<AwaitPath, number> {
  const sums = new Map<AwaitPath, number>();
  endOf.forEach((end, sample) => {
    if (end === undefined || sample === 0) return;
    sums.set(end, (sums.get(end) ?? 0) + (times[sample] as number) - (times[sample - 1] as number));
  });
  return sums;
}

/** What V8 sampled, node by node. */
class ProfileReading {
  readonly joined: JoinedProfile;
  readonly origins: readonly FrameOrigin[];
  /** By node: whether it or one of its callers is of the program. */
  readonly isProgram: Uint8Array;
  readonly main: V8CallFrame;
  readonly #hasMain: Uint8Array;
  /** By node: whether it or one of its callers is the recorder's. */
  readonly #isRecorder: Uint8Array;
  readonly #wasRunning: boolean;

  constructor(joined: JoinedProfile, { main, preload, wasRunning }: ThreadOfProgram) {
    this.joined = joined;
    this.#wasRunning = wasRunning;
    const { calls, parents } = joined.tree;
    const originOf = originOfFrames(preload);
    this.origins = calls.map(({ callFrame }) => originOf(callFrame));
    this.isProgram = new Uint8Array(calls.length);
    this.#hasMain = new Uint8Array(calls.length);
    this.#isRecorder = new Uint8Array(calls.length);
    const isMain = ({ callFrame }: V8Call): boolean =>
      main !== '' && isModule(callFrame) && fileOfUrl(callFrame.url) === main;
    let found: V8CallFrame | undefined;
    calls.forEach((call, node) => {
      const caller = parents[node] as number;
      const below = caller === noNode ? 0 : (this.isProgram[caller] as number);
      this.isProgram[node] = below || (this.origins[node] === 'program' ? 1 : 0);
      const belowRecorder = caller === noNode ? 0 : (this.#isRecorder[caller] as number);
      this.#isRecorder[node] = belowRecorder || (this.origins[node] === 'recorder' ? 1 : 0);
      const belowMain = caller === noNode ? 0 : (this.#hasMain[caller] as number);
      this.#hasMain[node] = belowMain || (isMain(call) ? 1 : 0);
      if (found === undefined && isMain(call)) found = call.callFrame;
    });
    const unseen = { functionName: '', url: pathToFileURL(main).href, lineNumber: 0, columnNumber: 0 };
    this.main = found ?? (main === '' ? this.#firstOfProgram() : undefined) ?? unseen;
  }

  /**
   * The sample that the program begins with. CommonJS runs its main module at once; of ES modules all are found, read and
   * run first that the main one imports, which is part of the program, too.
   * @param awaited the first sample of idle time that an await of the program ended, −1 where there is none
   */
  firstSample(awaited: number): number | undefined {
    const { samples } = this.joined;
    if (this.#wasRunning) return samples.length === 0 ? undefined : 0;
    const inMain = samples.findIndex((node) => node !== noNode && this.#hasMain[node] === 1);
    const isCommon = inMain >= 0 && this.#isOfCommonLoader(samples[inMain] as number);
    const inProgram = isCommon ? inMain : samples.findIndex((node) => node !== noNode && this.isProgram[node] === 1);
    const begins = [inProgram, awaited].filter((sample) => sample >= 0);
    return begins.length === 0 ? undefined : Math.min(...begins);
  }

  isIdle(sample: number): boolean {
    const node = this.joined.samples[sample] as number;
    if (node === noNode) return false;
    // What the recorder does itself is no work of the program.
    if (this.#isRecorder[node] === 1) return this.isProgram[node] === 0;
    return this.joined.tree.calls[node]?.callFrame.functionName === '(idle)';
  }

  activityAt(sample: number): Activity {
    if (this.isIdle(sample)) return 'idle';
    const node = this.joined.samples[sample] as number;
    return node !== noNode && this.isProgram[node] === 1 ? 'program' : 'other';
  }

  #isOfCommonLoader(node: number): boolean {
    const { calls, parents } = this.joined.tree;
    for (let at = node; at !== noNode; at = parents[at] as number) {
      if (calls[at]?.callFrame.url.startsWith('node:internal/modules/cjs/')) return true;
    }
    return false;
  }

  /** The outermost function of a program in the first sample that has one. */
  #firstOfProgram(): V8CallFrame | undefined {
    const { tree, samples } = this.joined;
    const sample = samples.find((node) => node !== noNode && this.isProgram[node] === 1);
    let outermost: V8CallFrame | undefined;
    for (let at = sample ?? noNode; at !== noNode; at = tree.parents[at] as number) {
      if (this.origins[at] === 'program') outermost = tree.calls[at]?.callFrame;
    }
    return outermost;
  }
}

/** A module's own code, which V8 gives no name, begins where its file does. */
function isModule({ functionName, lineNumber, columnNumber }: V8CallFrame): boolean {
  return functionName === '' && lineNumber === 0 && columnNumber === 0;
}

/** The same calls below the main module. */
class ProfileWriting {
  readonly tree = new V8Tree();
  readonly #reading: ProfileReading;
  readonly #callers: ReadonlyMap<string, AwaitPath>;
  readonly #main: number;
  readonly #mainKey: string | undefined;
  /** By node of the reading; `noNode` where it has none yet. */
  readonly #written: Int32Array;
  readonly #sampled = new Map<string, V8CallFrame>();

  constructor(reading: ProfileReading, callers: ReadonlyMap<string, AwaitPath>) {
    this.#reading = reading;
    this.#callers = callers;
    this.#main = this.tree.child(noNode, plainCall(reading.main));
    this.#mainKey = functionKey(reading.main);
    const { calls, parents } = reading.joined.tree;
    this.#written = new Int32Array(calls.length).fill(noNode);
    for (const { callFrame } of calls) {
      const key = functionKey(callFrame);
      if (key !== undefined && !this.#sampled.has(key)) this.#sampled.set(key, callFrame);
    }
    calls.forEach((call, node) => {
      this.#written[node] = this.#write(call, node, parents[node] as number);
      this.tree.addLines(this.#written[node] as number, reading.joined.tree.linesOf(node));
    });
  }

  /** A leaf right below the main module. */
  leaf(call: V8Call): number {
    return this.tree.child(this.#main, call);
  }

  /** @param last node of the last sample that was not idle: what collects garbage interrupted it */
  nodeOf(sample: number, end: AwaitPath | undefined, last: number): number {
    const node = this.#reading.joined.samples[sample] as number;
    if (node === noNode) return this.leaf(leaf('(program)', 'native'));
    if (this.#reading.isIdle(sample)) return end === undefined ? this.leaf(leaf('(idle)', 'idle')) : this.#await(end);
    const name = this.#reading.joined.tree.calls[node]?.callFrame.functionName;
    if (name !== '(garbage collector)' || this.#reading.isProgram[node] === 1) return this.#written[node] as number;
    const collected = leaf('(garbage collector)', 'gc');
    const before = this.tree.calls[last]?.kind;
    // What ran before it in native code is no caller of it.
    const below = last === noNode || before === 'native' ? this.#main : last;
    return before === 'gc' ? last : this.tree.child(below, collected);
  }

  #write(call: V8Call, node: number, caller: number): number {
    const { origins, isProgram } = this.#reading;
    const below = caller === noNode ? this.#main : (this.#written[caller] as number);
    switch (origins[node]) {
      case 'recorder':
        return below;
      case 'meta':
        return this.#writeMeta(call, below);
      case 'program':
        if (caller !== noNode && isProgram[caller] === 1) break;
        return this.#writeEntry(call);
    }
    return this.tree.child(below, isBlockingWait(call.callFrame) ? { ...call, waits: true } : call);
  }

  #writeMeta({ callFrame }: V8Call, below: number): number {
    const kind = callFrame.functionName === '(garbage collector)' ? 'gc' : 'native';
    return callFrame.functionName === '(idle)'
      ? this.#main
      : this.tree.child(below, leaf(callFrame.functionName, kind));
  }

  /** A function of the program that Node.js called. */
  #writeEntry(call: V8Call): number {
    const key = functionKey(call.callFrame);
    if (key === this.#mainKey) return this.#main;
    return this.tree.child(this.#path(this.#callers.get(key ?? '') ?? []), call);
  }

  #await(path: AwaitPath): number {
    const waiting = path.length === 0 ? undefined : functionKey((path[0] as AwaitPath[number]).call.callFrame);
    const known = waiting === undefined || waiting === this.#mainKey ? undefined : this.#callers.get(waiting);
    return this.tree.child(this.#path([...(known ?? []), ...path]), awaiting);
  }

  #path(path: AwaitPath): number {
    let node = this.#main;
    path.forEach(({ call }, index) => {
      const isMain = index === 0 && functionKey(call.callFrame) === this.#mainKey;
      node = this.tree.child(isMain ? noNode : node, isMain ? this.#mainAt(call) : this.#asSampled(call));
    });
    return node;
  }

  /** A call of an await's stack, with its function as V8's samples have it, or as one of which only a place in it is known. */
  #asSampled(call: V8Call): V8Call {
    const { callFrame, position } = call;
    const sampled = this.#sampled.get(functionKey(callFrame) ?? '');
    const isExact = sampled !== undefined || callFrame.functionName === '' || position === null;
    return {
      ...call,
      callFrame: isExact ? (sampled ?? callFrame) : { ...callFrame, lineNumber: -1, columnNumber: -1 },
    };
  }

  /** The main module at a line. */
  #mainAt({ position }: V8Call): V8Call {
    return { ...plainCall(this.#reading.main), position };
  }
}
