import { expect, test } from 'vitest';
import { RegionClock } from './region-clock.ts';

test('counts without pauses', () => {
  const clock = new RegionClock(10);
  expect(clock.durationAt(12)).toBe(2);
  clock.pause(13);
  clock.pause(14);
  expect(clock.isPaused).toBe(true);
  expect(clock.durationAt(20)).toBe(3);
  clock.resume(20);
  clock.resume(30);
  expect(clock.isPaused).toBe(false);
  expect(clock.durationAt(21)).toBe(4);
});

test('leaves out what is skipped', () => {
  const clock = new RegionClock(10);
  clock.skip(0.5);
  expect(clock.durationAt(12)).toBe(1.5);
});

test('never counts backwards', () => {
  const clock = new RegionClock(10);
  expect(clock.durationAt(9)).toBe(0);
  clock.pause(5);
  clock.resume(4);
  expect(clock.durationAt(11)).toBe(1);
});
