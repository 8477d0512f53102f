import { expect, test } from 'vitest';
import { milliseconds } from '../session/units.ts';
import { Ticker } from './ticker.ts';

const interval = milliseconds(10);

/** Runs a ticker on a clock of its own; `lateness` says how many ms after its due time each tick is taken. */
function run(ticker: Ticker, start: number, ticks: number, lateness: (tick: number) => number): number[] {
  const taken: number[] = [];
  let now = start;
  for (let tick = 0; tick < ticks; tick++) {
    now = Math.max(now, now + ticker.remaining(now)) + lateness(tick);
    taken.push(now);
    ticker.advance(now);
  }
  return taken;
}

const gaps = (times: readonly number[]): number[] => times.slice(1).map((time, at) => time - (times[at] as number));

test('ticks come once per interval and do not drift', () => {
  const taken = run(new Ticker(interval, 1000), 1000, 5000, () => 0);
  for (const [tick, time] of taken.entries()) expect(Math.abs(time - 1000 - (tick + 1) * 10)).toBeLessThanOrEqual(2);
});

test('each tick is shifted, by at most a fifth of the interval, to both sides', () => {
  const shifts = run(new Ticker(interval, 0), 0, 2000, () => 0).map((time, tick) => time - (tick + 1) * 10);
  expect(Math.max(...shifts)).toBeLessThanOrEqual(2);
  expect(Math.max(...shifts)).toBeGreaterThan(1.5);
  expect(Math.min(...shifts)).toBeGreaterThanOrEqual(-2);
  expect(Math.min(...shifts)).toBeLessThan(-1.5);
  const average = shifts.reduce((sum, shift) => sum + shift, 0) / shifts.length;
  expect(Math.abs(average)).toBeLessThan(0.2);
});

test('missed ticks are counted and not caught up with', () => {
  const ticker = new Ticker(interval, 0);
  const taken = run(ticker, 0, 100, (tick) => (tick === 50 ? 1000 : 0));
  expect(ticker.ticks).toBe(100);
  expect(ticker.missed).toBe(100);
  const after = taken.slice(50);
  // After the pause the next tick comes at the next moment of the schedule, then one per interval.
  for (const gap of gaps(after).slice(1)) expect(gap).toBeGreaterThanOrEqual(6);
  expect(after[1] as number).toBeGreaterThanOrEqual(after[0] as number);
});

test('a tick that is late by less than an interval is not a missed one', () => {
  const ticker = new Ticker(interval, 0);
  run(ticker, 0, 1000, () => 7.9);
  expect(ticker.missed).toBe(0);
});

test('advance says how many ticks were missed before this one', () => {
  const ticker = new Ticker(interval, 0);
  expect(ticker.advance(10)).toBe(0);
  expect(ticker.advance(45)).toBe(2);
  expect(ticker.missed).toBe(2);
});

test('restarting forgets what was missed', () => {
  const ticker = new Ticker(interval, 0);
  ticker.advance(500);
  ticker.restart(500);
  expect([ticker.ticks, ticker.missed]).toEqual([0, 0]);
  expect(ticker.remaining(500)).toBeGreaterThanOrEqual(8);
  expect(ticker.remaining(500)).toBeLessThanOrEqual(12);
});
