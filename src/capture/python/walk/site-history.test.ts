import { describe, expect, test } from 'vitest';
import type { Code } from '../code/code.ts';
import { SiteHistories, SiteHistory } from './site-history.ts';

/** A history after some close looks: the outcomes they confirmed, or null for one that confirmed nothing. */
function historyAfter(looks: readonly (string | null)[]): SiteHistory<string> {
  const history = new SiteHistory<string>();
  for (const outcome of looks) history.record(outcome !== null, outcome ?? '', () => outcome ?? '');
  return history;
}

const times = (count: number, outcome: string | null): (string | null)[] => new Array(count).fill(outcome);

describe('an outcome is believed', () => {
  test('only after ten confirmed looks', () => {
    expect(historyAfter(times(9, 'a')).believes('a')).toBe(false);
    expect(historyAfter(times(10, 'a')).believes('a')).toBe(true);
  });

  test('only where at least one look in twenty was confirmed', () => {
    expect(historyAfter([...times(10, 'a'), ...times(190, null)]).believes('a')).toBe(true);
    expect(historyAfter([...times(10, 'a'), ...times(191, null)]).believes('a')).toBe(false);
  });

  test('only with 35 % of the confirmed looks', () => {
    const history = historyAfter([...times(13, 'a'), ...times(7, 'b')]);
    expect([history.believes('a'), history.believes('b'), history.believes('c')]).toEqual([true, true, false]);
    expect(historyAfter([...times(14, 'a'), ...times(6, 'b')]).believes('b')).toBe(false);
  });

  test('at the end of a stack after three confirmed looks, however seldom it is', () => {
    const history = historyAfter([...times(94, 'a'), ...times(3, 'b'), ...times(2, 'c')]);
    expect(['a', 'b', 'c', 'd'].map((outcome) => history.believes(outcome, true))).toEqual([true, true, false, false]);
    expect(history.believes('b')).toBe(false);
  });
});

describe('an outcome stands in for what could not be read', () => {
  test('only when nine in ten confirmed looks agree', () => {
    expect(historyAfter([...times(18, 'a'), ...times(2, 'b')]).usual).toBe('a');
    expect(historyAfter([...times(17, 'a'), ...times(3, 'b')]).usual).toBeUndefined();
  });

  test('never before ten looks', () => {
    expect(historyAfter(times(9, 'a')).usual).toBeUndefined();
    expect(new SiteHistory().usual).toBeUndefined();
  });
});

describe('a close look is worth the time', () => {
  const looksOf = (history: SiteHistory<string>, key: string): number => {
    let looks = 0;
    for (let ask = 0; ask < 800; ask++) if (history.shouldLook(key)) looks++;
    return looks;
  };

  test('always while nothing is believed', () => {
    expect(looksOf(new SiteHistory(), 'a')).toBe(800);
    expect(looksOf(historyAfter(times(20, 'a')), 'b')).toBe(800);
  });

  test('every eighth time once the outcome is believed, or nothing is ever confirmed', () => {
    expect(looksOf(historyAfter(times(20, 'a')), 'a')).toBe(100);
    expect(looksOf(historyAfter(times(100, null)), 'a')).toBe(100);
  });
});

test('a site remembers 64 outcomes at most', () => {
  const history = new SiteHistory<string>();
  for (let at = 0; at < 1000; at++) history.record(true, `${at}`, () => `${at}`);
  for (let at = 0; at < 1000; at++) history.record(true, '999', () => '999');
  expect(history.believes('999')).toBe(false);
  for (let at = 0; at < 1000; at++) history.record(true, '0', () => '0');
  expect(history.usual).toBe('0');
});

test('an outcome is made only when it is new', () => {
  const history = new SiteHistory<string>();
  let made = 0;
  for (let at = 0; at < 5; at++) history.record(true, 'a', () => `${made++}`);
  history.record(false, 'b', () => `${made++}`);
  expect(made).toBe(1);
});

test('places are apart by code, unit and the code above', () => {
  const histories = new SiteHistories<string>();
  const [one, two] = [{} as Code, {} as Code];
  const places = [
    histories.at(one, 0),
    histories.at(one, 1),
    histories.at(two, 0),
    histories.at(one, 0, one),
    histories.at(one, 0, two),
  ];
  expect(new Set(places).size).toBe(5);
  expect(histories.at(one, 0, two)).toBe(places[4]);
});

test('a place that is called from everywhere does not grow without end', () => {
  const histories = new SiteHistories<string>();
  const site = {} as Code;
  const first = histories.at(site, 0, {} as Code);
  const above = {} as Code;
  const kept = histories.at(site, 0, above);
  for (let at = 0; at < 62; at++) histories.at(site, 0, {} as Code);
  expect(histories.at(site, 0, above)).toBe(kept);
  histories.at(site, 0, {} as Code);
  expect(histories.at(site, 0, above)).not.toBe(kept);
  expect(first).not.toBe(kept);
});
