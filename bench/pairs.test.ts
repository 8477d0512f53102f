import { expect, test } from 'vitest';
import { between, pairs } from './pairs.ts';

/** A machine that becomes slower by the same factor from run to run. */
function drifting(): (cost: number) => () => Promise<number> {
  let slower = 1;
  return (cost) => async () => {
    slower *= 1.1;
    return cost * slower;
  };
}

test.each([false, true])('two pairs, the drift of which cancels out', async (otherFirst) => {
  const run = drifting();
  const [first, second] = await pairs(run(2), run(3), otherFirst);
  expect(first + second).toBeCloseTo(2 * Math.log(3 / 2));
  expect(first).not.toBeCloseTo(second);
});

test.each([false, true])('each of several between two plain runs, for each of two costs', async (isReversed) => {
  const run = drifting();
  const twoCosts = (a: number, b: number) => async (): Promise<readonly number[]> => {
    const scale = await run(1)();
    return [a * scale, b * scale];
  };
  const ratios = await between(twoCosts(1, 2), [twoCosts(2, 2), twoCosts(3, 1)], isReversed);
  expect(ratios.map((costs) => costs.map((each) => Math.exp(each).toFixed(6)))).toEqual([
    ['2.000000', '1.000000'],
    ['3.000000', '0.500000'],
  ]);
});
