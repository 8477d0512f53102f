/** What did a region do, out of the samples of its thread and the times in which its code ran? */
import type { V8Profile } from '../../../session/cpuprofile-profile.ts';
import { Growable } from '../../../util/growable.ts';
import type { JoinedProfile } from '../joined-profile.ts';
import { noNode, plainCall, type V8Call, V8Tree } from '../v8-tree.ts';
import { type RegionRuns, syncEntry, unknownOrigin } from './region-log.ts';
import {
  belowStart,
  callerOfOwnWork,
  fromRoot,
  isSameFunction,
  type Path,
  pathOfStack,
  type RegionStart,
  withoutHooks,
  withoutInnerMachinery,
  withoutMachinery,
} from './region-paths.ts';

/** What becomes of the time in which other code ran, or none. */
export type ElsewhereMode = 'waiting' | 'out-of-context' | 'everything';

/** A region that has ended. Moments are µs on V8's clock. */
export interface EndedRegion {
  readonly begin: number;
  readonly end: number;
  readonly start: RegionStart;
  readonly elsewhere: ElsewhereMode;
  readonly runs: RegionRuns;
}

const leaf = (functionName: string, kind: V8Call['kind'], waits: boolean): V8Call => ({
  ...plainCall({ functionName, url: '', lineNumber: -1, columnNumber: -1 }),
  kind,
  waits,
});
const awaiting = leaf('[await]', 'await', true);
const otherWork = leaf('[event loop busy with other work]', 'out-of-context', false);
const outOfContext = leaf('[out-of-context]', 'out-of-context', false);
const collecting = leaf('(garbage collector)', 'gc', false);
const recording = leaf('(timesink)', 'native', false);
const unsampled = leaf('[not sampled]', 'not-sampled', false);

/** A longer time without a sample, in µs, is not charged to one. */
const longestGap = 20_000;

/**
 * The samples of a region. The time that its code ran is known exactly: it is what its samples share, each the part since
 * the sample before. The time between is waiting, charged to the await that ended it, as far as the event loop had nothing
 * to do; else it is shown as other work of the loop. All parts sum to the region's duration.
 */
export function profileOfRegion(joined: JoinedProfile, region: EndedRegion): V8Profile {
  return new RegionWriting(joined, region).profile();
}

class RegionWriting {
  readonly #joined: JoinedProfile;
  readonly #region: EndedRegion;
  readonly #tree = new V8Tree();
  readonly #samples = new Growable(new Int32Array(256));
  readonly #weights = new Growable(new Float64Array(256));
  readonly #nodes = new Map<string, number>();
  /** Of captured stacks, what belongs to the region. */
  readonly #stacks: readonly Path[];
  /** The region's outermost function, once it was seen. */
  #root: V8Call | undefined;
  /** Of the last sample of a run. */
  #last = noNode;
  #next = 0;
  /** Time in which code of the region ran and that no sample was charged for yet. */
  #carry = 0;

  constructor(joined: JoinedProfile, region: EndedRegion) {
    this.#joined = joined;
    this.#region = region;
    const captured = region.runs.stacks.map((stack) => withoutHooks(pathOfStack(stack)));
    this.#root = this.#findRoot(captured);
    this.#stacks = captured.map((path, stack) => {
      const own = belowStart(path, region.start) ?? fromRoot(withoutMachinery(path), this.#root);
      return region.runs.isAwait[stack] === true ? own : withoutInnerMachinery(own);
    });
  }

  profile(): V8Profile {
    const { begin, end, runs } = this.#region;
    let last = begin;
    for (let run = 0; run < runs.starts.length; run++) {
      const start = Math.max(runs.starts[run] as number, begin);
      const until = Math.min(runs.ends[run] as number, end);
      if (until < start) continue;
      this.#pause(last, start, runs.waits[run] as number);
      this.#run(run, start, until);
      last = until;
    }
    this.#pause(last, end, unknownOrigin);
    if (this.#carry > 0) this.#emit(this.#last === noNode ? this.#rooted([]) : this.#last, this.#carry);
    return this.#tree.finish({ samples: this.#samples.finish(), weights: this.#weights.finish(), start: begin });
  }

  #findRoot(captured: readonly Path[]): V8Call | undefined {
    const { runs, start } = this.#region;
    if (start.kind === 'caller') return start.stack.at(-1);
    const { times, samples } = this.#joined;
    const run = runs.origins.indexOf(syncEntry);
    if (run >= 0) {
      const until = runs.ends[run] as number;
      for (
        let at = firstFrom(times, runs.starts[run] as number);
        (times[at] ?? Number.POSITIVE_INFINITY) <= until;
        at++
      ) {
        const [first] = belowStart(withoutHooks(this.#pathOf(samples[at] as number)), start) ?? [];
        if (first !== undefined) return plainCall(first.callFrame);
      }
    }
    for (const path of captured) {
      const [first] = belowStart(path, start) ?? [];
      if (first !== undefined) return first;
    }
    return undefined;
  }

  /** A time in which code of the region ran. */
  #run(run: number, start: number, until: number): void {
    const { times, samples } = this.#joined;
    let cursor = start;
    this.#next = Math.max(this.#next, firstFrom(times, start));
    for (; this.#next < times.length && (times[this.#next] as number) <= until; this.#next++) {
      const time = times[this.#next] as number;
      const sample = samples[this.#next] as number;
      const node = this.#nodeIn(run, sample);
      if (node === undefined) this.#carry += time - cursor;
      else {
        const isGap = time - cursor > longestGap && !this.#isIdle(sample);
        this.#emit(isGap ? this.#leaf(unknownOrigin, unsampled) : node, this.#carry + time - cursor);
        this.#carry = 0;
      }
      cursor = time;
    }
    this.#carry += until - cursor;
  }

  /** A time in which other code ran, or none. */
  #pause(from: number, to: number, origin: number): void {
    const { times, samples } = this.#joined;
    let cursor = from;
    for (let at = firstFrom(times, from); at < times.length && (times[at] as number) <= to; at++) {
      const weight = (times[at] as number) - cursor;
      this.#emit(this.#elsewhere(origin, weight > longestGap ? noNode : (samples[at] as number)), weight);
      cursor += weight;
    }
    if (to > cursor) this.#emit(this.#elsewhere(origin, noNode), to - cursor);
  }

  #elsewhere(origin: number, sample: number): number {
    const isIdle = sample === noNode || this.#isIdle(sample);
    const { elsewhere } = this.#region;
    if (elsewhere === 'out-of-context') return this.#leaf(origin, outOfContext);
    if (isIdle) return this.#leaf(origin, awaiting);
    if (elsewhere === 'waiting') return this.#leaf(origin, otherWork);
    return this.#known(`${sample}`, () => this.#rooted(withoutMachinery(this.#pathOf(sample))));
  }

  /** What stands for time, where the region waited. */
  #leaf(origin: number, call: V8Call): number {
    const place = origin >= 0 ? (this.#stacks[origin] as Path) : [];
    return this.#known(`${origin} ${call.callFrame.functionName}`, () => this.#rooted([...place, call]));
  }

  #known(key: string, make: () => number): number {
    const known = this.#nodes.get(key);
    if (known !== undefined) return known;
    const node = make();
    this.#nodes.set(key, node);
    return node;
  }

  /** Where a sample of a run belongs; undefined where it tells nothing. */
  #nodeIn(run: number, sample: number): number | undefined {
    if (sample === noNode) return undefined;
    const { origins, waits } = this.#region.runs;
    const origin = origins[run] as number;
    // The end of what was under way when the region began is not always told.
    if (this.#isIdle(sample)) return this.#leaf(waits[run + 1] ?? unknownOrigin, awaiting);
    if (this.#isLoneCollection(sample)) {
      return this.#last === noNode ? this.#leaf(unknownOrigin, collecting) : this.#tree.child(this.#last, collecting);
    }
    this.#last = this.#known(`${sample} in ${origin}`, () => {
      const path = this.#pathOf(sample);
      const caller = callerOfOwnWork(path);
      if (caller !== undefined) return this.#rooted([...this.#callerIn(origin, caller), recording]);
      const node = this.#rooted(this.#pathIn(origin, path));
      this.#tree.addLines(node, this.#joined.tree.linesOf(sample));
      return node;
    });
    return this.#last;
  }

  /** V8 does not say what it collected garbage for: for what ran before. */
  #isLoneCollection(sample: number): boolean {
    const { functionName, url } = (this.#joined.tree.calls[sample] as V8Call).callFrame;
    const isLone = this.#joined.tree.parents[sample] === noNode;
    return isLone && functionName === '(garbage collector)' && url === '';
  }

  /** Of what we do ourselves: at the beginning and end of the region, no part of it has called us. */
  #callerIn(origin: number, caller: Path): Path {
    if (origin === syncEntry) return belowStart(caller, this.#region.start) ?? [];
    return this.#pathIn(origin, caller);
  }

  #pathIn(origin: number, path: Path): Path {
    const own = origin === syncEntry ? belowStart(path, this.#region.start) : undefined;
    if (own !== undefined) return own;
    const plain = fromRoot(withoutMachinery(path), this.#root);
    const stack = origin >= 0 ? (this.#stacks[origin] as Path) : [];
    const isAwait = this.#region.runs.isAwait[origin] === true;
    return [...(isAwait ? waitingCallers(stack, plain[0]) : stack), ...plain];
  }

  /** The node of a path, below the region's outermost function. */
  #rooted(path: Path): number {
    const root = this.#root;
    let node = noNode;
    if (root !== undefined && !isSameFunction(path[0], root)) node = this.#tree.child(noNode, root);
    for (const call of path) node = this.#tree.child(node, call);
    return node === noNode ? this.#tree.child(noNode, plainCall(unnamed)) : node;
  }

  #isIdle(sample: number): boolean {
    const { functionName, url } = (this.#joined.tree.calls[sample] as V8Call).callFrame;
    return functionName === '(idle)' && url === '';
  }

  #pathOf(sample: number): Path {
    const path: V8Call[] = [];
    const { calls, parents } = this.#joined.tree;
    for (let at = sample; at !== noNode; at = parents[at] as number) path.push(calls[at] as V8Call);
    return path.reverse();
  }

  #emit(node: number, weight: number): void {
    this.#samples.push(node);
    this.#weights.push(Math.max(0, weight));
  }
}

const unnamed = { functionName: '(anonymous)', url: '', lineNumber: -1, columnNumber: -1 };

/** Who waits for what goes on: an await's stack up to the function that does. */
function waitingCallers(stack: Path, goesOn: V8Call | undefined): Path {
  for (let at = stack.length - 1; at >= 0; at--) if (isSameFunction(stack[at], goesOn)) return stack.slice(0, at);
  return stack;
}

/** The first of the ascending `times` that is later than `time`. */
function firstFrom(times: Float64Array, time: number): number {
  let [low, high] = [0, times.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((times[middle] as number) > time) high = middle;
    else low = middle + 1;
  }
  return low;
}
