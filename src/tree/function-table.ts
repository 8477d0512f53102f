/** How much time did each function take, and who called whom? */
import type { Session, ThreadSamples } from '../session/session.ts';
import { PairIndex } from '../util/pair-index.ts';
import { type FrameIdentity, mostSeconds, type NodeKind } from './call-node.ts';
import { type StackIndex, stackIndex } from './stack-index.ts';
import { type StackTimes, type StackVisitor, stackTimes, visitStacks } from './stack-times.ts';

/** Calls of one function by another, as one of the two lists them. */
export interface CallTimes {
  /** Position of the other function in {@link FunctionTable.functions}. */
  readonly function: number;
  /** Seconds in the called function itself, while called by the caller directly. */
  readonly self: number;
  /** Seconds in these calls and below; a call that happens within another of them counts once. */
  readonly total: number;
  /** How many lines of the caller they come from. An unknown line counts as one. */
  readonly callSites: number;
}

/** One function: all its calls together. */
export interface FunctionTimes {
  readonly frame: FrameIdentity;
  /** The class in which the most time was spent; null where none is known. */
  readonly className: string | null;
  /** Seconds in the function itself, with what it awaited. */
  readonly self: number;
  /** Seconds in the function and below; a call that happens within another call of it counts once. */
  readonly total: number;
  /** From how many lines it was called; 0 where nothing called it. */
  readonly callSites: number;
  /** Who called it, largest `total` first. */
  readonly callers: readonly CallTimes[];
  /** Whom it called, largest `total` first. */
  readonly callees: readonly CallTimes[];
}

/** All functions of some threads. */
export interface FunctionTable {
  /** Largest `self` first; of equal ones the one that was recorded first. Last, whatever it has, time in which a thread was idle. */
  readonly functions: readonly FunctionTimes[];
  /** Seconds of all samples. What was spent outside of any function is in no `self`. */
  readonly total: number;
}

/**
 * Adds up samples by function (name, file and first line, as the nodes of call trees), leaving nothing out. `[await]` and
 * `[out-of-context]` are time of the function that waits; `[not sampled]` has a row of its own, threads have none.
 *
 * Costs O(samples + stacks + frames), whatever the depth of the stacks.
 */
export function buildFunctionTable(session: Session, threads: readonly ThreadSamples[]): FunctionTable {
  const times = stackTimes(session, threads);
  const sums = new FunctionSums(session, times);
  visitStacks(session.stacks, times.isSeen, sums);
  return { functions: sums.finish(), total: times.sum };
}

const noFunctions: ReadonlySet<NodeKind> = new Set(['thread', 'await', 'out-of-context']);

const none = -1;

/** Sums of functions or of edges, by number. */
class Sums {
  readonly self: number[] = [];
  readonly total: number[] = [];
  /** Calls that have begun and not ended: within them, further ones add nothing to `total`. */
  readonly open: number[] = [];
  readonly callSites: number[] = [];

  begin(number: number, seconds: number): void {
    const open = this.open[number] ?? 0;
    this.open[number] = open + 1;
    if (open === 0) this.total[number] = (this.total[number] ?? 0) + seconds;
  }

  end(number: number): void {
    (this.open[number] as number)--;
  }

  addSelf(number: number, seconds: number): void {
    this.self[number] = (this.self[number] ?? 0) + seconds;
  }

  addSite(number: number): void {
    this.callSites[number] = (this.callSites[number] ?? 0) + 1;
  }

  of(number: number): Pick<CallTimes, 'self' | 'total' | 'callSites'> {
    return {
      self: this.self[number] ?? 0,
      total: this.total[number] ?? 0,
      callSites: this.callSites[number] ?? 0,
    };
  }
}

class FunctionSums implements StackVisitor {
  readonly #session: Session;
  readonly #index: StackIndex;
  readonly #times: StackTimes;
  /** By stack: the stack of the innermost function in it, −1 where there is none; and the edge by which it was called. */
  readonly #innermost: Int32Array;
  readonly #edge: Int32Array;
  /** Functions have the numbers of their identities. */
  readonly #functions = new Sums();
  readonly #edges = new Sums();
  readonly #edgeNumbers = new PairIndex();
  readonly #edgeEnds: (readonly [caller: number, callee: number])[] = [];
  readonly #sites = new PairIndex();
  /** Of functions whose frames do not agree on the class. */
  readonly #classSeconds = new Map<number, Map<string, number>>();

  constructor(session: Session, times: StackTimes) {
    this.#session = session;
    this.#index = stackIndex(session);
    this.#times = times;
    this.#innermost = new Int32Array(session.stacks.parent.length).fill(none);
    this.#edge = new Int32Array(session.stacks.parent.length).fill(none);
  }

  enter(stack: number): void {
    const number = this.#index.identity[stack] as number;
    const below = this.#session.stacks.parent[stack] as number;
    const caller = below < 0 ? none : (this.#innermost[below] as number);
    const isFunction = !noFunctions.has(this.#index.identities[number]?.kind ?? 'thread');
    this.#innermost[stack] = isFunction ? stack : caller;
    if (isFunction) this.#begin(stack, number, caller);
    this.#addSelf(this.#innermost[stack] as number, this.#times.own[stack] as number);
  }

  leave(stack: number): void {
    if (this.#innermost[stack] !== stack) return;
    this.#functions.end(this.#index.identity[stack] as number);
    const edge = this.#edge[stack] as number;
    if (edge !== none) this.#edges.end(edge);
  }

  #begin(stack: number, number: number, caller: number): void {
    const seconds = this.#times.total[stack] as number;
    this.#functions.begin(number, seconds);
    if (this.#index.agreed[number] === null) this.#addClass(stack, number);
    if (caller === none) return;
    const edge = this.#edgeOf(this.#index.identity[caller] as number, number);
    this.#edge[stack] = edge;
    this.#edges.begin(edge, seconds);
    const known = this.#sites.size;
    this.#sites.numberOf(edge, this.#session.stacks.line[caller] as number);
    if (this.#sites.size === known) return;
    this.#edges.addSite(edge);
    this.#functions.addSite(number);
  }

  #addSelf(stack: number, seconds: number): void {
    if (stack === none) return;
    this.#functions.addSelf(this.#index.identity[stack] as number, seconds);
    const edge = this.#edge[stack] as number;
    if (edge !== none) this.#edges.addSelf(edge, seconds);
  }

  #addClass(stack: number, number: number): void {
    const className = this.#session.frames[this.#session.stacks.frame[stack] as number]?.className ?? null;
    if (className === null) return;
    const seconds = this.#classSeconds.get(number) ?? new Map<string, number>();
    this.#classSeconds.set(number, seconds);
    seconds.set(className, (seconds.get(className) ?? 0) + (this.#times.total[stack] as number));
  }

  #edgeOf(caller: number, callee: number): number {
    const edge = this.#edgeNumbers.numberOf(caller, callee);
    if (edge === this.#edgeEnds.length) this.#edgeEnds.push([caller, callee]);
    return edge;
  }

  finish(): readonly FunctionTimes[] {
    const numbers = [...this.#functions.total.keys()].filter((number) => this.#functions.total[number] !== undefined);
    const selfOf = (number: number): number => this.#functions.self[number] ?? 0;
    const isIdle = (number: number): number => (this.#index.identities[number]?.kind === 'idle' ? 1 : 0);
    numbers.sort((a, b) => isIdle(a) - isIdle(b) || selfOf(b) - selfOf(a));
    const positions = new Map(numbers.map((number, position) => [number, position]));
    const callers = new Map<number, CallTimes[]>(numbers.map((number) => [number, []]));
    const callees = new Map<number, CallTimes[]>(numbers.map((number) => [number, []]));
    this.#edgeEnds.forEach(([caller, callee], edge) => {
      const times = this.#edges.of(edge);
      callers.get(callee)?.push({ function: positions.get(caller) ?? none, ...times });
      callees.get(caller)?.push({ function: positions.get(callee) ?? none, ...times });
    });
    return numbers.map((number) => ({
      frame: this.#index.identities[number] as FrameIdentity,
      className: this.#classOf(number),
      ...this.#functions.of(number),
      callers: largestFirst(callers.get(number)),
      callees: largestFirst(callees.get(number)),
    }));
  }

  #classOf(number: number): string | null {
    const agreed = this.#index.agreed[number];
    return agreed === null ? mostSeconds(this.#classSeconds.get(number) ?? new Map()) : (agreed?.className ?? null);
  }
}

function largestFirst(calls: CallTimes[] = []): readonly CallTimes[] {
  return calls.sort((a, b) => b.total - a.total);
}
