/** Which lines of the application took the most time? */
import type { Session, ThreadSamples } from '../session/session.ts';
import { type OriginOf, originRule } from './library-rule.ts';

/** A line of the application's code. */
export interface HotLine {
  readonly file: string;
  /** Counted from 1. */
  readonly line: number;
  /** Seconds in which this line was executed, whatever library or built-in function it had called. */
  readonly seconds: number;
}

/** The hottest lines, and the whole that they are parts of. */
export interface HottestLines {
  /** Most seconds first. */
  readonly lines: readonly HotLine[];
  /** Seconds of all samples that were looked at. */
  readonly total: number;
}

/** In a column of seconds: not met yet. */
const notSeen = -1;

/**
 * Finds the lines of one session. Each sample is charged to the current line of its innermost frame of application code,
 * so that what a library does counts for the line that called it. Samples without such a frame, or without a line number,
 * count for the total only.
 */
export class LineTimes {
  readonly #session: Session;
  /** By prefixes: processes that share them share the column. */
  readonly #innermost = new Map<string, Int32Array>();

  constructor(session: Session) {
    this.#session = session;
  }

  /**
   * The hottest lines of some threads of one process.
   * @param count how many to give at most
   */
  hottest(threads: readonly ThreadSamples[], count: number): HottestLines {
    const secondsOfStack = new Float64Array(this.#session.stacks.parent.length).fill(notSeen);
    const seen: number[] = [];
    let total = 0;
    for (const thread of threads) {
      const innermost = this.#innermostOf(thread);
      for (let row = 0; row < thread.stack.length; row++) {
        const seconds = thread.weight[row] as number;
        const stack = innermost[thread.stack[row] as number] ?? -1;
        total += seconds;
        if (stack < 0) continue;
        if (secondsOfStack[stack] === notSeen) {
          secondsOfStack[stack] = 0;
          seen.push(stack);
        }
        (secondsOfStack[stack] as number) += seconds;
      }
    }
    const lines = this.#addLines(seen, secondsOfStack);
    return { lines: lines.sort((a, b) => b.seconds - a.seconds).slice(0, count), total };
  }

  #addLines(seen: readonly number[], secondsOfStack: Float64Array): HotLine[] {
    const { frames, stacks } = this.#session;
    const lines = new Map<string, HotLine>();
    for (const stack of seen) {
      const file = frames[stacks.frame[stack] as number]?.file ?? '';
      const line = stacks.line[stack] as number;
      if (line <= 0) continue;
      const key = `${line} ${file}`;
      const seconds = (lines.get(key)?.seconds ?? 0) + (secondsOfStack[stack] as number);
      lines.set(key, { file, line, seconds });
    }
    return [...lines.values()];
  }

  /** By stack: the stack that ends in its innermost frame of application code, −1 where there is none. */
  #innermostOf(thread: ThreadSamples): Int32Array {
    const process = this.#session.processes[thread.process];
    const key = JSON.stringify(process?.sysPrefixes ?? []);
    let column = this.#innermost.get(key);
    if (column === undefined) {
      column = innermostApplication(this.#session, originRule(process));
      this.#innermost.set(key, column);
    }
    return column;
  }
}

function innermostApplication({ frames, stacks }: Session, originOf: OriginOf): Int32Array {
  const origins = frames.map((frame) => originOf(frame.file));
  const column = new Int32Array(stacks.parent.length);
  for (let stack = 0; stack < column.length; stack++) {
    const caller = stacks.parent[stack] as number;
    const isOutermost = caller < 0 || frames[stacks.frame[caller] as number]?.kind === 'thread';
    const above = caller < 0 ? -1 : (column[caller] as number);
    const origin = origins[stacks.frame[stack] as number];
    const isOwn = origin === 'application' || (origin === 'caller' && (isOutermost || above === caller));
    column[stack] = isOwn ? stack : above;
  }
  return column;
}
