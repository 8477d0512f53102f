/** How much time did each function take, and in calls from whom? The table behind Python's `pstats`. */
import { type CallNode, type FrameIdentity, isSynthetic, totalSelfTime } from '../tree/call-node.ts';
import type { MarshalValue } from './marshal.ts';

/** What `pstats` knows a function by. */
export type FunctionKey = Pick<FrameIdentity, 'functionName' | 'file' | 'firstLine'>;

/** Sums over all calls of a function, or over those from one caller. */
interface CallSums {
  self: number;
  total: number;
  /** How many of these calls are open while a tree is walked. */
  open: number;
}

interface FunctionEntry extends CallSums {
  readonly key: FunctionKey;
  readonly callers: Map<FunctionEntry, CallSums>;
}

/** A call to begin with or, once all below it is done, to end with. */
interface Step {
  readonly node: CallNode;
  readonly caller: FunctionEntry | null;
  readonly isEnd: boolean;
}

/**
 * Adds up call trees of any depth. In the total of a function, and in that of its calls from one caller, a call counts once
 * that happens within another such call, as in `cProfile` (CPython 3.13, Modules/_lsprof.c).
 */
export class CallTimeTable {
  readonly #functions = new Map<string, FunctionEntry>();
  readonly #known = new Map<FrameIdentity, FunctionEntry>();

  /**
   * Adds a tree. Nodes that stand for time and not for code are time of their caller.
   * @param thread what to show in place of a joining root, or as caller of any other; null: the root itself, and nobody
   */
  add(root: CallNode, thread: FunctionKey | null): void {
    const isJoining = root.frame.kind === 'root';
    const top = isJoining ? this.#entry(thread ?? root.frame) : null;
    const caller = isJoining || thread === null ? null : this.#entry(thread);
    if (caller !== null) caller.total += root.time;
    const steps: Step[] = [{ node: root, caller, isEnd: false }];
    for (let step = steps.pop(); step !== undefined; step = steps.pop()) {
      const { node } = step;
      const called = (node === root ? top : null) ?? this.#entryOf(node.frame);
      if (step.isEnd) {
        end(called, step.caller);
        continue;
      }
      begin(called, step);
      steps.push({ ...step, isEnd: true });
      for (let index = node.children.length - 1; index >= 0; index--) {
        const child = node.children[index] as CallNode;
        if (!isSynthetic(child)) steps.push({ node: child, caller: called, isEnd: false });
      }
    }
  }

  /**
   * The dict of `pstats`: (file, line, function) to (cc, nc, tottime, cumtime, callers), and callers from the same to (cc, nc,
   * tottime, cumtime). cc and nc are numbers of calls, which samples do not tell: 0, for which `pstats` leaves the times
   * per call empty.
   */
  toMarshal(): MarshalValue {
    const dict = new Map<MarshalValue, MarshalValue>();
    for (const entry of this.#functions.values()) {
      const callers = new Map<MarshalValue, MarshalValue>();
      for (const [caller, sums] of entry.callers) callers.set(keyTuple(caller), sumsTuple(sums));
      dict.set(keyTuple(entry), [...sumsTuple(entry), callers]);
    }
    return dict;
  }

  #entryOf(frame: FrameIdentity): FunctionEntry {
    let entry = this.#known.get(frame);
    if (entry === undefined) {
      entry = this.#entry(frame);
      this.#known.set(frame, entry);
    }
    return entry;
  }

  #entry({ functionName, file, firstLine }: FunctionKey): FunctionEntry {
    const text = JSON.stringify([file ?? '', firstLine, functionName]);
    let entry = this.#functions.get(text);
    if (entry === undefined) {
      entry = { key: { functionName, file, firstLine }, self: 0, total: 0, open: 0, callers: new Map() };
      this.#functions.set(text, entry);
    }
    return entry;
  }
}

function begin(called: FunctionEntry, { node, caller }: Step): void {
  const self = totalSelfTime(node);
  addCall(called, self, node.time);
  if (caller === null) return;
  let sums = called.callers.get(caller);
  if (sums === undefined) {
    sums = { self: 0, total: 0, open: 0 };
    called.callers.set(caller, sums);
  }
  addCall(sums, self, node.time);
}

function addCall(sums: CallSums, self: number, total: number): void {
  sums.self += self;
  if (sums.open === 0) sums.total += total;
  sums.open++;
}

function end(called: FunctionEntry, caller: FunctionEntry | null): void {
  called.open--;
  const sums = caller === null ? undefined : called.callers.get(caller);
  if (sums !== undefined) sums.open--;
}

const unknownCount: MarshalValue = { int: 0 };

function keyTuple({ key }: FunctionEntry): MarshalValue {
  return [key.file ?? '', { int: key.firstLine }, key.functionName];
}

function sumsTuple({ self, total }: CallSums): readonly MarshalValue[] {
  return [unknownCount, unknownCount, self, total];
}
