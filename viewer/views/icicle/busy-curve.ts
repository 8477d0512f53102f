/** How busy was the program, moment by moment? What the minimap draws. */
import { type ThreadSamples, threadState } from '../../../src/session/session.ts';
import type { Viewport } from './viewport.ts';

const running = threadState.onCpu | threadState.holdsGil;

/**
 * Mean number of threads that ran, in equal parts of a time. Files without states count all that is not asleep in a frame.
 * Costs O(rows).
 */
export function busyCurve(
  threads: readonly Pick<ThreadSamples, 'start' | 'stack' | 'weight' | 'state'>[],
  { begin, end }: Viewport,
  parts: number,
): Float64Array {
  const curve = new Float64Array(parts);
  const perPart = (end - begin) / parts;
  if (!(perPart > 0)) return curve;
  const hasStates = threads.some(({ state }) => state.some((value) => value !== 0));
  for (const { start, stack, weight, state } of threads) {
    let from: number = start;
    for (let row = 0; row < weight.length; row++) {
      const to = from + (weight[row] as number);
      const counts = hasStates ? ((state[row] as number) & running) !== 0 : (stack[row] as number) >= 0;
      if (counts) addTime(curve, (from - begin) / perPart, (to - begin) / perPart);
      from = to;
    }
  }
  return curve;
}

/** Adds the length of [from, to), in parts, to the parts that it lies in. */
function addTime(curve: Float64Array, from: number, to: number): void {
  const last = Math.min(curve.length - 1, Math.floor(to));
  for (let part = Math.max(0, Math.floor(from)); part <= last; part++) {
    (curve[part] as number) += Math.max(0, Math.min(to, part + 1) - Math.max(from, part));
  }
}
