import { expect, test } from 'vitest';
import { milliseconds } from '../../session/units.ts';
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

test('the rate is kept: gaps average to the interval', () => {
  const taken = run(new Ticker(interval, 1000), 1000, 20_000, () => 0);
  const average = ((taken.at(-1) as number) - (taken[0] as number)) / (taken.length - 1);
  // The standard error of 20,000 gaps spread evenly over half an interval to each side is 0.02 ms.
  expect(Math.abs(average - 10)).toBeLessThan(0.15);
});

test('each gap deviates, by at most half the interval, to both sides', () => {
  const all = gaps(run(new Ticker(interval, 0), 0, 2000, () => 0));
  expect(Math.min(...all)).toBeGreaterThanOrEqual(5);
  expect(Math.max(...all)).toBeLessThanOrEqual(15);
  expect(Math.min(...all)).toBeLessThan(6);
  expect(Math.max(...all)).toBeGreaterThan(14);
});

test('a program of the same period is seen in all its phases', () => {
  const tenths = new Array<number>(10).fill(0);
  for (const time of run(new Ticker(interval, 0), 0, 20_000, () => 0)) tenths[Math.floor(time % 10)]! += 1;
  for (const count of tenths) expect(count / 20_000).toBeGreaterThan(0.05);
});

test('missed ticks are counted and not caught up with', () => {
  const ticker = new Ticker(interval, 0);
  const taken = run(ticker, 0, 100, (tick) => (tick === 50 ? 1005 : 0));
  expect(ticker.ticks).toBe(100);
  expect(ticker.missed).toBe(100);
  const after = taken.slice(50);
  // After the pause the next tick comes at the next moment of the schedule, then one per interval.
  for (const gap of gaps(after).slice(1)) expect(gap).toBeGreaterThanOrEqual(5 - 1e-9);
  expect(after[1] as number).toBeGreaterThanOrEqual(after[0] as number);
});

test('a tick that is late by less than an interval is not a missed one', () => {
  const ticker = new Ticker(interval, 0);
  run(ticker, 0, 1000, () => 4.9);
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
  expect(ticker.remaining(500)).toBe(10);
});
