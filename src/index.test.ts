import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import * as timesink from './index.ts';

const file = new URL('../test/golden/basic.pyisession', import.meta.url);

test('recordings are read, cut, merged, compared and shown, as docs/library.md says', () => {
  const session = timesink.readSession(readFileSync(file), 'basic.pyisession');
  const text = timesink.findRenderer('text').render(session, { show_all: true });
  expect(text).toContain(session.meta.description);

  const half = timesink.seconds(session.meta.duration / 2);
  const begin = timesink.selectSession(session, { threads: [], processes: [], span: { to: half } });
  expect(begin.meta.duration).toBe(half);

  const sum = timesink.mergeSessions([session, session], 'summed');
  expect(sum.meta.sampleCount).toBe(2 * session.meta.sampleCount);
  expect(timesink.readSession(timesink.encodeSession(sum), 'sum.timesink')).toEqual(sum);

  const markdown = timesink.findDiffRenderer('markdown');
  const before = { name: 'before', session };
  expect(markdown.render(before, { name: 'after', session: sum }, { normalize: true })).toContain('- After: `after`');

  const least = { showAll: false, foldRecursion: false, filterThreshold: 0.01, hide: undefined, show: undefined };
  const what = { ...least, normalize: true, threads: false, subprocesses: false };
  const [process] = timesink.diffSessions(session, sum, what).shown;
  expect(process?.shown[0]?.tree?.root).toMatchObject({ status: 'both', change: 0 });
});
