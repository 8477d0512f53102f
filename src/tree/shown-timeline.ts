/** Which calls of a thread, in the order of time, have enough time to be shown? Makes nodes for those only. */
import type { Session, ThreadSamples } from '../session/session.ts';
import { TimesinkError } from '../util/errors.ts';
import type { CallNode } from './call-node.ts';
import { CallPaths } from './call-paths.ts';
import { leftOutIdentity, NodeTable } from './node-table.ts';
import { leftOut, type NodeChooser, placeCalls } from './place-calls.ts';
import { irrelevance } from './processors/remove-irrelevant-nodes.ts';
import type { ReplacedFrames } from './processors/replaced-frames.ts';
import { selfIdentity, stackIndex } from './stack-index.ts';
import { rootFrame } from './timeline.ts';

const none = -1;

/** Nodes of one tree; more than a reader, or the memory, can take. */
export const mostShownCalls = 4_000_000;

/** What a timeline shows. */
export interface TimelineOptions {
  readonly replaced: ReplacedFrames;
  /** Least share of the whole, 0 to 1, that all calls of a path must have together; null: everything is shown. */
  readonly threshold: number | null;
  /** Whether levels of direct recursion are judged as one: what they call then stays if it is enough in all of them. */
  readonly joinsRecursion: boolean;
  /** What becomes of time that is not shown: its caller's, or a leaf of `leftOutFrame` where it was spent. */
  readonly leftOut: 'absorbed' | 'in its place';
}

/**
 * Builds the chronological tree. Where left-out time is absorbed and recursion is not joined it is, to the last bit, what
 * {@link buildTimeline} and the processors removeImportlib and removeTracebackhide (as far as `replaced` asks for them),
 * mergeConsecutiveSelfTime and removeIrrelevantPaths give; but the paths are judged first, and what is not shown costs no
 * memory. Null without samples.
 * @throws TimesinkError `UNWRITABLE_OUTPUT` for more than {@link mostShownCalls}
 */
export function buildShownTimeline(session: Session, thread: ThreadSamples, options: TimelineOptions): CallNode | null {
  if (thread.stack.length === 0) return null;
  const { replaced, threshold, joinsRecursion } = options;
  const index = stackIndex(session);
  const paths = new CallPaths(index, joinsRecursion);
  placeCalls(session, thread, replaced, paths);
  const isIrrelevant =
    threshold === null
      ? () => false
      : irrelevance(
          thread.weight.reduce((sum, seconds) => sum + seconds, 0),
          threshold,
        );
  const occurrences = new Occurrences(paths, isIrrelevant, options.leftOut);
  placeCalls(session, thread, replaced, occurrences);
  return occurrences.nodes.finish(index, rootFrame(session, thread), 'as added');
}

/** A node for each call, unless its path has too little time. */
class Occurrences implements NodeChooser {
  readonly nodes = new NodeTable();
  readonly #paths: CallPaths;
  /** By path. */
  readonly #isIrrelevant: readonly boolean[];
  readonly #keepsPlace: boolean;
  /** By node. */
  readonly #path: number[] = [];
  /** By node: the leaf of left-out time that is its last child, or none. */
  readonly #gap: number[] = [];

  constructor(paths: CallPaths, isIrrelevant: (seconds: number) => boolean, leftOutTime: TimelineOptions['leftOut']) {
    this.#paths = paths;
    this.#isIrrelevant = paths.nodes.times.map(isIrrelevant);
    this.#keepsPlace = leftOutTime === 'in its place';
  }

  nodeOf(parent: number, identity: number, stack: number): number {
    const path = this.#paths.nodeOf(parent < 0 ? -1 : (this.#path[parent] as number), identity, stack);
    return parent >= 0 && this.#isIrrelevant[path] ? leftOut : this.#add(parent, identity, path);
  }

  selfOf(node: number): number {
    const path = this.#paths.selfOf(this.#path[node] as number);
    return this.#isIrrelevant[path] ? leftOut : this.#add(node, selfIdentity, path);
  }

  leaveOut(parent: number, seconds: number): void {
    if (!this.#keepsPlace) {
      this.nodes.absorb(parent, seconds);
      return;
    }
    let gap = this.#gap[parent] as number;
    if (gap === none) {
      gap = this.#add(parent, leftOutIdentity, none);
      this.#gap[parent] = gap;
    }
    this.nodes.addTime(gap, seconds);
  }

  #add(parent: number, identity: number, path: number): number {
    if (this.nodes.length >= mostShownCalls) throw tooMany();
    if (parent >= 0) this.#gap[parent] = none;
    this.#path.push(path);
    this.#gap.push(none);
    return this.nodes.add(parent, identity);
  }
}

function tooMany(): TimesinkError {
  const count = mostShownCalls.toLocaleString('en');
  return new TimesinkError('UNWRITABLE_OUTPUT', `there are more than ${count} calls to show in the order of time`, {
    hint: 'Choose a shorter time with --from and --to, or show less.',
  });
}
