import { expect, test } from 'vitest';
import { captureStack } from '../preload/stack-capture.ts';
import { type Origin, RegionLog, syncEntry, unknownOrigin } from './region-log.ts';

function originHere(isAwait: boolean): Origin {
  return { captured: captureStack(originHere), isAwait };
}

/** The functions that an origin names, innermost first. */
function namesOf(log: ReturnType<RegionLog['finish']>, origin: number): readonly string[] {
  return (log.stacks[origin] ?? []).map(([name]) => name);
}

test('runs are told apart by pauses, and short pauses are none', () => {
  const log = new RegionLog();
  log.enterSync(0);
  log.leave(100);
  log.enterSync(120);
  log.leave(200);
  log.enter(1000, undefined);
  log.leave(1100);
  const { starts, ends, origins } = log.finish();
  expect([...starts]).toEqual([0, 1000]);
  expect([...ends]).toEqual([200, 1100]);
  expect([...origins]).toEqual([syncEntry, unknownOrigin]);
});

test('a promise that goes on right after a callback says where that was waited for', () => {
  function waits(): Origin {
    return originHere(true);
  }
  function givesAway(): Origin {
    return originHere(false);
  }
  const log = new RegionLog();
  log.enterSync(0);
  log.leave(100);
  log.enter(5000, givesAway());
  log.leave(5010);
  log.enter(5030, waits());
  log.leave(6000);
  log.enter(9000, givesAway());
  log.leave(9100);
  const runs = log.finish();
  expect([...runs.starts]).toEqual([0, 5000, 5030, 9000]);
  expect(namesOf(runs, runs.origins[1] as number)[0]).toBe('givesAway');
  expect(namesOf(runs, runs.waits[1] as number)[0]).toBe('waits');
  expect(namesOf(runs, runs.waits[3] as number)[0]).toBe('givesAway');
  expect(runs.isAwait[runs.waits[1] as number]).toBe(true);
});

test('thousands of origins take the room of those that differ', () => {
  const log = new RegionLog();
  for (let turn = 0; turn < 5000; turn++) {
    log.enter(turn * 1000, originHere(true));
    log.leave(turn * 1000 + 10);
  }
  const runs = log.finish();
  expect(runs.starts).toHaveLength(5000);
  expect(runs.stacks.length).toBeLessThan(1100);
  expect(Math.min(...runs.origins)).toBeGreaterThanOrEqual(0);
});
