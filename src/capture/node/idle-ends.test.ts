import { expect, test } from 'vitest';
import { type Activity, endsOfIdleTime } from './idle-ends.ts';

const activities: Readonly<Record<string, Activity>> = { '.': 'idle', '#': 'program', ':': 'other' };

/** Samples 1 µs apart; ends as moment and name. */
function endsOf(samples: string, ends: readonly (readonly [number, string])[]): string {
  const times = Float64Array.from(samples, (_, index) => index);
  const found = endsOfIdleTime((sample) => activities[samples[sample] as string] as Activity, times, {
    times: ends.map(([time]) => time),
    ends: ends.map(([, name]) => name),
  });
  return found.map((end) => end ?? '-').join('');
}

test('idle time belongs to the await that ended it', () => {
  expect(
    endsOf('..##..#', [
      [1.5, 'a'],
      [5.5, 'b'],
    ]),
  ).toBe('aa--bb-');
});

test('an await that goes on after other work has ended the idle time, too', () => {
  expect(endsOf('..##', [[3.5, 'a']])).toBe('aa--');
});

test('where the thread was idle again before an await went on, something else ended the first idle time', () => {
  expect(endsOf('..#..#', [[4.5, 'a']])).toBe('---aa-');
});

test('what the program does not know of ends no idle time of its own', () => {
  expect(endsOf('..:.:..', [[6.5, 'a']])).toBe('aa-a-aa');
});

test('idle time without a sample of work in between is told apart by the moments of the awaits', () => {
  expect(
    endsOf('......', [
      [1.5, 'a'],
      [3.5, 'b'],
    ]),
  ).toBe('aabb--');
});

test('idle time that nothing ended belongs to nobody', () => {
  expect(endsOf('#...', [])).toBe('----');
});
