import { expect, test } from 'vitest';
import { sessionFromText } from '../../test/support/session-from-text.ts';
import { seconds } from '../session/units.ts';
import { resampleSession } from './resample.ts';

const session = sessionFromText(`
  0.25  0.25  0.125  0.5   1.25  0.125
  main  main  main   main  main  main
  a     b     c      d     e     f
`);

const functionsOf = ({ frames, stacks, threads }: typeof session): readonly string[] =>
  Array.from(threads[0]?.stack ?? [], (stack) => frames[stacks.frame[stack] as number]?.functionName ?? '');

test('keeps the stack in which each interval was over, for all of its time', () => {
  const resampled = resampleSession(session, seconds(0.5));
  expect(functionsOf(resampled)).toEqual(['b', 'd', 'e', 'f']);
  expect([...(resampled.threads[0]?.weight ?? [])]).toEqual([0.5, 0.5, 1, 0.5]);
  expect(resampled.meta).toMatchObject({ minInterval: 0.5, maxInterval: 0.5, sampleCount: 4 });
  expect(resampled.meta.duration).toBe(session.meta.duration);
});

test('drops less than the rest of an interval', () => {
  const total = 2.5;
  for (const interval of [0.1, 0.3, 0.7, 1.9]) {
    const kept =
      resampleSession(session, seconds(interval)).threads[0]?.weight.reduce((sum, time) => sum + time, 0) ?? 0;
    expect(kept).toBeLessThanOrEqual(total + 1e-9);
    expect(kept).toBeGreaterThan(total - interval - 1e-9);
  }
});

test('leaves nothing of what is shorter than the interval', () => {
  const resampled = resampleSession(session, seconds(3));
  expect(resampled.threads[0]?.stack).toHaveLength(0);
  expect(resampled.meta.sampleCount).toBe(0);
});
