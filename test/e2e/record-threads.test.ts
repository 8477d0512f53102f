/** Is every thread recorded under its own name, with its own stack, and in the state that it was in? */
import { expect, test } from 'vitest';
import { type ThreadSamples, threadState } from '../../src/session/session.ts';
import { describeEachPython } from '../support/pythons.ts';
import {
  mainRows,
  nameOf,
  pathOf,
  programText,
  type Recorded,
  type Row,
  record,
  Stacks,
  totalSeconds,
} from '../support/record.ts';

const { onCpu, holdsGil, waitsForGil } = threadState;

function threadNamed({ session }: Recorded, name: string): ThreadSamples {
  const [thread, ...others] = session.threads.filter((candidate) => candidate.name === name);
  if (thread === undefined || others.length > 0) {
    throw new Error(`not one thread is ${name}: ${session.threads.map((candidate) => candidate.name).join(', ')}`);
  }
  return thread;
}

/** The share that fits of the time in which a thread was looked at. */
function share(recorded: Recorded, name: string, fits: (row: Row) => boolean): number {
  const all = new Stacks(recorded.session).rowsOf(threadNamed(recorded, name));
  const rows = all.filter(({ frames }) => frames.at(-1)?.kind !== 'not-sampled');
  return totalSeconds(rows.filter(fits)) / totalSeconds(rows);
}

const isIn =
  (functionName: string) =>
  ({ frames }: Row): boolean =>
    frames.some((frame) => frame.functionName === functionName);

/** Looks per second of recorded time. */
function rate(recorded: Recorded, name: string): number {
  const thread = threadNamed(recorded, name);
  return thread.sampleCount / totalSeconds(new Stacks(recorded.session).rowsOf(thread));
}

const kinds = ['count_forever', 'count_too', 'sleep_long', 'acquire_held', 'wait_for_event', 'compress'];

describeEachPython('threads', (python) => {
  test('have names, stacks and states', async () => {
    const recorded = await record(python, ['main.py'], { files: { 'main.py': programText('record-threads.py') } });
    const idents = JSON.parse(recorded.stdout) as Record<string, number>;
    for (const [name, ident] of Object.entries(idents)) expect(threadNamed(recorded, name).ident, name).toBe(ident);
    expect(Object.keys(idents)).toHaveLength(kinds.length + 201);

    for (const kind of kinds) expect(share(recorded, `${kind} é🐍`, isIn(kind)), kind).toBeGreaterThan(0.5);
    for (let number = 0; number < 200; number++) {
      expect(share(recorded, `waits ${number}`, isIn('wait_for_event')), `waits ${number}`).toBeGreaterThan(0.5);
    }
    const others = recorded.session.threads.filter(({ name }) => idents[name] === undefined);
    expect(others.map(({ name }) => name)).toEqual(['MainThread']);
    checkOwnStacks(recorded, python.minor);
    checkStates(recorded);
    // Were the 200 looked at every time, they would take several times the interval.
    expect(rate(recorded, 'alone') / rate(recorded, 'compress é🐍')).toBeGreaterThan(0.15);
  });

  test('that live for a moment each are recorded, though one takes the place of the other', async () => {
    const files = { 'main.py': programText('record-brief-threads.py') };
    const { session, stdout, stderr } = await record(python, ['main.py'], { files });
    expect(stderr).toBe('');
    const stacks = new Stacks(session);
    const working = session.threads
      .filter(({ isMain }) => !isMain)
      .map((thread) => stacks.rowsOf(thread).filter(isIn('work')))
      .filter((rows) => rows.length > 0);
    expect(working.length).toBeGreaterThanOrEqual(36);
    expect(working.length).toBeLessThanOrEqual(40);
    expect(totalSeconds(working.flat()) / Number(stdout)).toBeGreaterThan(0.5);
  });

  test('go on when an interpreter that they ran in is gone', async () => {
    const files = { 'main.py': programText('record-interpreters.py') };
    const { session, stdout, stderr } = await record(python, ['main.py'], { files });
    expect({ stdout, stderr }).toEqual({ stdout: '', stderr: '' });
    const rows = mainRows(session);
    const seconds = (name: string): number => totalSeconds(rows.filter(isIn(name)));
    expect(seconds('inside') / seconds('after')).toBeGreaterThan(0.2);
    expect(seconds('inside') / seconds('after')).toBeLessThan(1);
    const { samples, incompleteSamples } = session.meta.quality;
    expect(incompleteSamples / samples).toBeLessThan(0.2);
  });
});

/**
 * No thread shows what only another one does. Up to 3.10, where a stack is a chain of frame objects that are used again, a
 * few looks may: those are bounded.
 */
function checkOwnStacks(recorded: Recorded, minor: number): void {
  const stacks = new Stacks(recorded.session);
  for (const thread of recorded.session.threads) {
    const rows = stacks.rowsOf(thread);
    const own =
      kinds.find((kind) => thread.name === `${kind} é🐍`) ?? (thread.name === 'alone' ? 'count_forever' : null);
    const expected = own ?? (thread.isMain ? null : 'wait_for_event');
    const foreign = rows.filter(({ frames }) => frames.some((frame) => isForeign(nameOf(frame), expected)));
    const limit = minor < 11 ? 0.05 * totalSeconds(rows) : 0;
    expect(totalSeconds(foreign), `${thread.name}: ${foreign.map(({ frames }) => pathOf(frames))}`).toBeLessThanOrEqual(
      limit,
    );
  }
}

const isForeign = (name: string, own: string | null): boolean => name !== own && kinds.includes(name);

function checkStates(recorded: Recorded): void {
  const inState = (kind: string, mask: number, state: number): number =>
    share(recorded, `${kind} é🐍`, (row) => (row.state & mask) === state);
  for (const counter of ['count_forever', 'count_too']) {
    expect(inState(counter, holdsGil, holdsGil), counter).toBeGreaterThan(0.1);
    expect(inState(counter, holdsGil, holdsGil), counter).toBeLessThan(0.9);
    expect(inState(counter, waitsForGil, waitsForGil), counter).toBeGreaterThan(0.08);
    expect(inState(counter, holdsGil | waitsForGil, holdsGil | waitsForGil), counter).toBe(0);
    expect(inState(counter, onCpu | holdsGil | waitsForGil, 0), counter).toBeLessThan(0.2);
  }
  for (const sleeper of ['sleep_long', 'acquire_held', 'wait_for_event']) {
    expect(inState(sleeper, onCpu | holdsGil | waitsForGil, 0), sleeper).toBeGreaterThan(0.6);
  }
  expect(inState('compress', onCpu | holdsGil, onCpu)).toBeGreaterThan(0.5);
}
