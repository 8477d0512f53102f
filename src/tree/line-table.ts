/** How much time did each line of each file take? */
import type { Session, ThreadSamples } from '../session/session.ts';
import { PairIndex } from '../util/pair-index.ts';
import type { FrameIdentity } from './call-node.ts';
import { type StackIndex, stackIndex } from './stack-index.ts';
import { type StackTimes, type StackVisitor, stackTimes, visitStacks } from './stack-times.ts';

/** One line: all the time in which it was executed. */
export interface LineSeconds {
  /** Counted from 1. */
  readonly line: number;
  /** Seconds in the line itself, with built-in functions and awaits: they have no line of their own. */
  readonly self: number;
  /** Seconds in the line and in all that it called. A sample counts once, however often the line is in its stack. */
  readonly total: number;
  /** The function that the line is part of; of several, such as lambdas, the one with the most time. */
  readonly frame: FrameIdentity;
}

/** One file: all its lines together. */
export interface FileSeconds {
  /** As the program names it. */
  readonly file: string;
  /** Seconds as those of lines, unknown lines included. */
  readonly self: number;
  readonly total: number;
  /** In the order of the file; those without samples are left out. */
  readonly lines: readonly LineSeconds[];
}

/** All lines of some threads. */
export interface LineTable {
  /** In the order in which they were recorded. */
  readonly files: ReadonlyMap<string, FileSeconds>;
  /** Seconds of all samples, also of those in no file. */
  readonly total: number;
}

/** Adds up samples by line, leaving nothing out: O(samples + stacks + frames), whatever the depth of the stacks. */
export function buildLineTable(session: Session, threads: readonly ThreadSamples[]): LineTable {
  const times = stackTimes(session, threads);
  const sums = new LineSums(session, times);
  visitStacks(session.stacks, times.isSeen, sums);
  return { files: sums.finish(), total: times.sum };
}

/** Whether a frame has a file with lines. Time in others is that of the line that led to them. */
export function hasLines({ kind, file }: Pick<FrameIdentity, 'kind' | 'file'>): boolean {
  return file !== null && file !== '' && kind !== 'builtin' && kind !== 'thread';
}

const none = -1;

/** Seconds by number: of a line, or of a file. */
class Sums {
  readonly self: number[] = [];
  readonly total: number[] = [];
  /** How often it is in the stack that is looked at. */
  readonly #open: number[] = [];

  begin(number: number, seconds: number): void {
    const open = this.#open[number] ?? 0;
    this.#open[number] = open + 1;
    if (open === 0) this.total[number] = (this.total[number] ?? 0) + seconds;
  }

  end(number: number): void {
    (this.#open[number] as number)--;
  }

  addSelf(number: number, seconds: number): void {
    this.self[number] = (this.self[number] ?? 0) + seconds;
  }
}

class LineSums implements StackVisitor {
  readonly #session: Session;
  readonly #index: StackIndex;
  readonly #times: StackTimes;
  /** By frame: the number of its file, −1 without one. */
  readonly #fileOfFrame: readonly number[];
  readonly #fileNames: readonly string[];
  /** By stack: the stack of the innermost frame in it that has lines. */
  readonly #innermost: Int32Array;
  readonly #numberOfLine = new PairIndex();
  readonly #ends: (readonly [file: number, line: number])[] = [];
  readonly #lines = new Sums();
  readonly #files = new Sums();
  readonly #parts = new PairIndex();
  /** By line and function: which these are, and seconds, to find the function with most of them. */
  readonly #partEnds: (readonly [number: number, identity: number])[] = [];
  readonly #partSeconds: number[] = [];

  constructor(session: Session, times: StackTimes) {
    this.#session = session;
    this.#index = stackIndex(session);
    this.#times = times;
    this.#innermost = new Int32Array(session.stacks.parent.length).fill(none);
    const numbers = new Map<string, number>();
    this.#fileOfFrame = session.frames.map((frame) => {
      const { file } = frame;
      if (file === null || !hasLines(frame)) return none;
      const number = numbers.get(file) ?? numbers.size;
      numbers.set(file, number);
      return number;
    });
    this.#fileNames = [...numbers.keys()];
  }

  enter(stack: number): void {
    const caller = this.#session.stacks.parent[stack] as number;
    const file = this.#fileOf(stack);
    const innermost = file !== none ? stack : caller < 0 ? none : (this.#innermost[caller] as number);
    this.#innermost[stack] = innermost;
    if (file !== none) this.#begin(stack, file);
    if (innermost === none) return;
    const own = this.#times.own[stack] as number;
    this.#lines.addSelf(this.#lineNumber(innermost), own);
    this.#files.addSelf(this.#fileOf(innermost), own);
  }

  leave(stack: number): void {
    const file = this.#fileOf(stack);
    if (file === none) return;
    this.#lines.end(this.#lineNumber(stack));
    this.#files.end(file);
  }

  #begin(stack: number, file: number): void {
    const seconds = this.#times.total[stack] as number;
    const number = this.#lineNumber(stack);
    if (number === this.#ends.length) this.#ends.push([file, this.#lineOf(stack)]);
    this.#lines.begin(number, seconds);
    this.#files.begin(file, seconds);
    const identity = this.#index.identity[stack] as number;
    const part = this.#parts.numberOf(number, identity);
    if (part === this.#partEnds.length) this.#partEnds.push([number, identity]);
    this.#partSeconds[part] = (this.#partSeconds[part] ?? 0) + seconds;
  }

  #fileOf(stack: number): number {
    return this.#fileOfFrame[this.#session.stacks.frame[stack] as number] as number;
  }

  /** 0 where unknown. */
  #lineOf(stack: number): number {
    return Math.max(0, this.#session.stacks.line[stack] as number);
  }

  #lineNumber(stack: number): number {
    return this.#numberOfLine.numberOf(this.#fileOf(stack), this.#lineOf(stack));
  }

  finish(): ReadonlyMap<string, FileSeconds> {
    const identities = this.#mostSeconds();
    const lines: LineSeconds[][] = this.#fileNames.map(() => []);
    this.#ends.forEach(([file, line], number) => {
      if (line === 0) return;
      const frame = this.#index.identities[identities[number] as number] as FrameIdentity;
      const times = { self: this.#lines.self[number] ?? 0, total: this.#lines.total[number] ?? 0 };
      (lines[file] as LineSeconds[]).push({ line, ...times, frame });
    });
    const files = this.#fileNames.flatMap((file, number): [string, FileSeconds][] => {
      const total = this.#files.total[number];
      if (total === undefined) return [];
      const own = (lines[number] as LineSeconds[]).sort((a, b) => a.line - b.line);
      return [[file, { file, self: this.#files.self[number] ?? 0, total, lines: own }]];
    });
    return new Map(files);
  }

  /** By line: the function with the most seconds there. */
  #mostSeconds(): readonly number[] {
    const best: number[] = [];
    const most: number[] = [];
    this.#partEnds.forEach(([number, identity], part) => {
      const seconds = this.#partSeconds[part] as number;
      if (seconds <= (most[number] ?? Number.NEGATIVE_INFINITY)) return;
      most[number] = seconds;
      best[number] = identity;
    });
    return best;
  }
}
