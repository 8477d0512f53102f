/** How long was each stack the current one? What every reader of a format must find in our file. */
import { expect } from 'vitest';
import type { FrameInfo, Session, ThreadSamples } from '../../src/session/session.ts';

/** Seconds by stack: names from the outermost in, joined. Stacks without time are left out. */
export type StackSeconds = ReadonlyMap<string, number>;

/** Adds up seconds by stack. */
export class StackSums {
  readonly seconds: Map<string, number> = new Map();

  /** @param names from the outermost in; where there are none, the time is nobody's */
  add(names: readonly string[], seconds: number): void {
    if (seconds === 0 || names.length === 0) return;
    const key = names.join(' > ');
    this.seconds.set(key, (this.seconds.get(key) ?? 0) + seconds);
  }
}

/**
 * What a session says, row by row.
 * @param noFrame the name of time without any frame, by the row's state; null: it is left out
 */
export function stackSeconds(
  session: Session,
  threads: readonly ThreadSamples[],
  noFrame: (state: number) => string | null,
): StackSeconds {
  const sums = new StackSums();
  for (const { stack, weight, state } of threads) {
    stack.forEach((own, row) => {
      const bare = own < 0 ? noFrame(state[row] as number) : null;
      sums.add(bare === null ? namesOf(session, own) : [bare], weight[row] as number);
    });
  }
  return sums.seconds;
}

/** Seconds to six digits after the point, sorted by stack: for comparing what a reader found with what is right. */
export function rounded(seconds: StackSeconds): Readonly<Record<string, string>> {
  const entries = [...seconds].map(([stack, value]) => [stack, value.toFixed(6)] as const);
  return Object.fromEntries(entries.filter(([, text]) => Number(text) !== 0).sort(([a], [b]) => (a < b ? -1 : 1)));
}

/**
 * Each stack has the seconds that it should have, give or take `within`.
 * @throws AssertionError where one has not
 */
export function expectSeconds(actual: StackSeconds, expected: StackSeconds, within: number): void {
  for (const stack of new Set([...actual.keys(), ...expected.keys()])) {
    const difference = (actual.get(stack) ?? 0) - (expected.get(stack) ?? 0);
    expect(Math.abs(difference), `${stack}: ${difference} s too much`).toBeLessThanOrEqual(within);
  }
}

/** `Class.function`, or the function alone. */
export function nameOf({ className, functionName }: Pick<FrameInfo, 'className' | 'functionName'>): string {
  return className === null ? functionName : `${className}.${functionName}`;
}

function namesOf({ frames, stacks }: Session, stack: number): readonly string[] {
  const names: string[] = [];
  for (let at = stack; at >= 0; at = stacks.parent[at] as number) {
    names.push(nameOf(frames[stacks.frame[at] as number] as FrameInfo));
  }
  return names.reverse();
}
