/** From where was a line reached, and whom did it call? */
import type { Session } from '../session/session.ts';
import { PairIndex } from '../util/pair-index.ts';
import type { FrameIdentity, NodeKind } from './call-node.ts';
import { stackIndex } from './stack-index.ts';
import { type StackTimes, type StackVisitor, visitStacks } from './stack-times.ts';

/** A call that leads to a line, or away from it. */
export interface LineCall {
  /** The function at the other end. */
  readonly frame: FrameIdentity;
  /** Of a caller: the line of the call; of a callee: where it begins. 0 where unknown. */
  readonly line: number;
  /** Seconds in which the line was executed, or the callee, by way of this call; once per sample. */
  readonly seconds: number;
}

/** Both ways, most seconds first. */
export interface LineCalls {
  readonly callers: readonly LineCall[];
  readonly callees: readonly LineCall[];
}

/**
 * Looks at all stacks that were seen: O(stacks).
 * @param times of the session's stacks, as far as they count
 */
export function lineCalls(session: Session, times: StackTimes, file: string, line: number): LineCalls {
  const sums = new CallSums(session, times, file, line);
  visitStacks(session.stacks, times.isSeen, sums);
  return { callers: sums.callers.finish(), callees: sums.callees.finish() };
}

const noFunctions: ReadonlySet<NodeKind> = new Set(['thread', 'await', 'out-of-context', 'not-sampled']);

/** Seconds by function and line. */
class Ends {
  readonly #identities: readonly FrameIdentity[];
  readonly #numbers = new PairIndex();
  readonly #ends: (readonly [identity: number, line: number])[] = [];
  readonly #seconds: number[] = [];
  readonly #open: number[] = [];

  constructor(identities: readonly FrameIdentity[]) {
    this.#identities = identities;
  }

  begin(identity: number, line: number, seconds: number): void {
    const number = this.#numbers.numberOf(identity, line);
    if (number === this.#ends.length) this.#ends.push([identity, line]);
    const open = this.#open[number] ?? 0;
    this.#open[number] = open + 1;
    if (open === 0) this.#seconds[number] = (this.#seconds[number] ?? 0) + seconds;
  }

  end(identity: number, line: number): void {
    (this.#open[this.#numbers.numberOf(identity, line)] as number)--;
  }

  finish(): readonly LineCall[] {
    const calls = this.#ends.map(([identity, line], number) => ({
      frame: this.#identities[identity] as FrameIdentity,
      line,
      seconds: this.#seconds[number] as number,
    }));
    return calls.sort((a, b) => b.seconds - a.seconds);
  }
}

class CallSums implements StackVisitor {
  readonly callers: Ends;
  readonly callees: Ends;
  readonly #session: Session;
  readonly #times: StackTimes;
  readonly #identity: Int32Array;
  readonly #isFunction: readonly boolean[];
  readonly #isInFile: readonly boolean[];
  readonly #line: number;

  constructor(session: Session, times: StackTimes, file: string, line: number) {
    const { identity, identities } = stackIndex(session);
    this.callers = new Ends(identities);
    this.callees = new Ends(identities);
    this.#session = session;
    this.#times = times;
    this.#identity = identity;
    this.#isFunction = session.frames.map(({ kind }) => !noFunctions.has(kind));
    this.#isInFile = session.frames.map((frame) => frame.file === file);
    this.#line = line;
  }

  enter(stack: number): void {
    const caller = this.#callerOf(stack);
    if (caller < 0) return;
    const seconds = this.#times.total[stack] as number;
    if (this.#isThere(stack)) this.callers.begin(this.#identity[caller] as number, this.#lineOf(caller), seconds);
    if (this.#isThere(caller)) this.callees.begin(this.#identity[stack] as number, this.#firstLine(stack), seconds);
  }

  leave(stack: number): void {
    const caller = this.#callerOf(stack);
    if (caller < 0) return;
    if (this.#isThere(stack)) this.callers.end(this.#identity[caller] as number, this.#lineOf(caller));
    if (this.#isThere(caller)) this.callees.end(this.#identity[stack] as number, this.#firstLine(stack));
  }

  /** −1 unless a function calls a function. */
  #callerOf(stack: number): number {
    const { parent, frame } = this.#session.stacks;
    const caller = parent[stack] as number;
    const isCall = caller >= 0 && this.#isFunction[frame[stack] as number] && this.#isFunction[frame[caller] as number];
    return isCall === true ? caller : -1;
  }

  #isThere(stack: number): boolean {
    const { frame, line } = this.#session.stacks;
    return line[stack] === this.#line && this.#isInFile[frame[stack] as number] === true;
  }

  #lineOf(stack: number): number {
    return Math.max(0, this.#session.stacks.line[stack] as number);
  }

  #firstLine(stack: number): number {
    return Math.max(0, this.#session.frames[this.#session.stacks.frame[stack] as number]?.firstLine ?? 0);
  }
}
