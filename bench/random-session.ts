/** Which recordings are large in the way that real ones are? Random ones, the same in every run. */
import type { SessionBuilder } from '../src/session/builder.ts';
import { noStack, type StackIndex } from '../src/session/ids.ts';

/** A small fast generator (xorshift32): numbers from 0, below 1. */
export function randomNumbers(): () => number {
  let state = 2463534242;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
}

/** What stacks to make. */
export interface StackShape {
  /** Different functions. */
  readonly functions: number;
  /** Different stacks. */
  readonly stacks: number;
  readonly shallowest: number;
  readonly deepest: number;
}

/** Distinct stacks in no order: each shares a part of its callers with another one. */
export function makeStacks(builder: SessionBuilder, random: () => number, shape: StackShape): readonly StackIndex[] {
  const frames = Array.from({ length: shape.functions }, (_, i) =>
    builder.frame({
      kind: 'python',
      functionName: `function_${i}`,
      file: `/srv/application/package_${i % 12}/module_${i % 60}.py`,
      firstLine: 10 + ((i * 37) % 900),
      className: i % 3 === 0 ? `Class${i % 40}` : null,
      hidden: false,
    }),
  );
  const paths: (readonly StackIndex[])[] = [[]];
  const known = new Set<StackIndex>();
  while (known.size < shape.stacks) {
    const base = paths[Math.floor(random() * paths.length)] ?? [];
    const path = base.slice(0, Math.floor(random() ** 0.3 * (base.length + 1)));
    const depth = Math.min(shape.deepest, Math.max(shape.shallowest, path.length + 1 + Math.floor(random() * 4)));
    while (path.length < depth) {
      const frame = frames[Math.floor(random() ** 2 * shape.functions)] ?? frames[0];
      if (frame === undefined) break;
      path.push(builder.child(path.at(-1) ?? noStack, builder.location(frame, Math.floor(random() * 900) + 1)));
    }
    const stack = path.at(-1) ?? noStack;
    if (known.has(stack)) continue;
    known.add(stack);
    paths.push(path);
  }
  return shuffled([...known], random);
}

/** Later ones are deeper: how often a stack is used must not depend on that. */
function shuffled<T>(values: readonly T[], random: () => number): readonly T[] {
  const keys = new Map(values.map((value) => [value, random()]));
  return values.toSorted((a, b) => (keys.get(a) ?? 0) - (keys.get(b) ?? 0));
}

/** Any of them, a few far more often than the others, as in real programs. */
export function anyStack(stacks: readonly StackIndex[], random: () => number): StackIndex {
  return stacks[Math.floor(random() ** 3 * stacks.length)] ?? noStack;
}
