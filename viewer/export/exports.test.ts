import { expect, test } from 'vitest';
import { sessionFromText } from '../../test/support/session-from-text.ts';
import { recordedSession } from '../../test/support/sessions.ts';
import { Comparison } from '../model/comparison.ts';
import { Model } from '../model/model.ts';
import { initialState } from '../state/state.ts';
import { exportedSession } from './exported-session.ts';
import { exportName, makeExport } from './exports.ts';

const defaults = {
  ...{ timeline: false, showAll: false, filterThreshold: 0.001, hide: null, show: null },
  ...{ threads: false, subprocesses: false, time: 'seconds' as const },
};
const modelOf = (session = recordedSession()): Model => new Model(session, { defaults, sources: [] });
const state = initialState(defaults);
const file = new Uint8Array([1]);

test('a recording that is shown whole is exported as it is', () => {
  const model = modelOf();
  expect(exportedSession(model, state)).toBe(model.session);
  expect(makeExport('session', { model, state, file })).toBe(file);
});

test('a thread, by its name; by its number where others have the same name', () => {
  const some = { ...state, threads: { kind: 'some', positions: [1] } } as const;
  const alone = exportedSession(modelOf(), some);
  expect(alone.threads.map(({ name }) => name)).toEqual(['Thread-1 (run)']);
  expect(alone.meta.notes.at(-1)).toBe('Only thread Thread-1 (run) is shown.');
  const twins = sessionFromText({
    threads: [
      { samples: '1\na', name: 'worker' },
      { samples: '2\nb', name: 'worker' },
    ],
  });
  const threads = twins.threads.map((thread, index) => ({ ...thread, tid: (100 + index) as typeof thread.tid }));
  expect(exportedSession(modelOf({ ...twins, threads }), some).threads.map(({ tid }) => tid)).toEqual([101]);
});

test('time that counts, and steps, are in the remarks', () => {
  const model = modelOf();
  const price = model.functionAtLine('/srv/app.py', 7);
  const transforms = [{ kind: 'drop-function', function: price }] as const;
  const cut = exportedSession(model, { ...state, weight: 'cpu', transforms });
  expect(cut.meta.notes.slice(-2)).toEqual(['1 step of the page changed what is shown.', 'Only time on a CPU counts.']);
  expect(cut.threads.map(({ weight }) => weight.reduce((sum, seconds) => sum + seconds, 0))).toEqual([0.125, 0]);
});

test('time is cut before what does not count is left out', () => {
  const model = modelOf();
  const span = { from: 0.51, to: 1 };
  const cut = exportedSession(model, { ...state, weight: 'cpu', span });
  expect(cut.threads.map(({ weight }) => weight.reduce((sum, seconds) => sum + seconds, 0))).toEqual([
    expect.closeTo(0.375),
    0,
  ]);
  const shown = model.shown({ ...state, weight: 'cpu', span, threads: { kind: 'all' } });
  expect(shown.threads.map(({ thread }) => [...thread.weight])).toEqual(cut.threads.map(({ weight }) => [...weight]));
});

test('a size that somebody chose is the size in the report; that of the page is not', () => {
  const model = modelOf(sessionFromText('1000 5\nmain main\nlarge small'));
  const text = (removeSmall: boolean): string =>
    String(makeExport('text', { model, file, state: { ...state, options: { ...state.options, removeSmall } } }));
  expect(text(true)).not.toContain('small');
  expect(text(false)).toContain('small');
});

test.each([
  ['Program: /srv/report.py --month 11', 'report.md'],
  ['Program: app.py', 'app.md'],
  ['', 'profile.md'],
  ['../../..', 'profile.md'],
  ['<img src=x>.py', 'src_x_.md'],
])('%s is saved as %s', (description, name) => {
  const session = recordedSession();
  const model = modelOf({ ...session, meta: { ...session.meta, description } });
  expect(exportName('markdown', { model, state, file })).toBe(name);
});

test('a comparison is of the chosen threads, and of the time that counts', () => {
  const threads = (work: number): Parameters<typeof sessionFromText>[0] => ({
    threads: [{ samples: '1 8w\nmain main\n     sleep' }, { samples: `${work}\nwork`, name: 'worker' }],
  });
  const [before, after] = [sessionFromText(threads(2)), sessionFromText(threads(3))];
  const settings = { names: { before: 'a', after: 'b' }, normalize: false, filterThreshold: 0 };
  const comparison = new Comparison(before, after, settings);
  const model = new Model(after, { defaults, sources: [] }, comparison);
  const text = (changes: Partial<typeof state>): string =>
    String(makeExport('text', { model, file, state: { ...state, view: 'diff', ...changes } }));
  const worker = text({ threads: { kind: 'some', positions: [1] } });
  expect(worker).toContain('Note: Only chosen threads are compared: worker.');
  expect(worker).toMatch(/2\.000 +3\.000 +\+1\.000 +\+50 % +work/);
  expect(worker).not.toContain('main ');
  const cpu = text({ weight: 'cpu', threads: { kind: 'some', positions: [0] } });
  expect(cpu).toContain('Note: Only time on a CPU counts.');
  expect(cpu).toMatch(/1\.000 +1\.000 +0\.000 +.* main/);
  expect(text({})).toContain('sleep');
});
