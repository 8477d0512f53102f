import { describe, expect, test } from 'vitest';
import { sessionFromText } from '../../test/support/session-from-text.ts';
import { decodeSession } from '../session/file.ts';
import { findRenderer, inferRenderer, renderers } from './registry.ts';

describe('by name', () => {
  test.each([
    ['text', 'text'],
    ['json', 'json'],
    ['markdown', 'markdown'],
    ['md', 'markdown'],
    ['speedscope', 'speedscope'],
    ['pstats', 'pstats'],
    ['collapsed', 'collapsed'],
    ['folded', 'collapsed'],
    ['cpuprofile', 'cpuprofile'],
    ['pprof', 'pprof'],
    ['firefox', 'firefox'],
    ['pyisession', 'pyisession'],
    ['session', 'pyisession'],
    ['timesink', 'timesink'],
  ])('%s', (given, name) => {
    expect(findRenderer(given).name).toBe(name);
  });

  test('names and endings are each used once', () => {
    const names = renderers.flatMap(({ name, aliases }) => [name, ...aliases]);
    const endings = renderers.flatMap(({ extensions }) => extensions);
    expect(new Set(names).size).toBe(names.length);
    expect(new Set(endings).size).toBe(endings.length);
  });

  test('an unknown one is the user’s mistake', () => {
    expect(() => findRenderer('nosuch')).toThrow(
      expect.objectContaining({
        code: 'USAGE',
        hint: `The formats: ${renderers.map(({ name }) => name).join(', ')}.`,
      }),
    );
  });
});

test.each([
  [undefined, 'text'],
  ['report.txt', 'text'],
  ['report.JSON', 'json'],
  ['report.md', 'markdown'],
  ['report.markdown', 'markdown'],
  ['x.speedscope.json', 'speedscope'],
  ['x.pstats', 'pstats'],
  ['x.collapsed', 'collapsed'],
  ['x.folded', 'collapsed'],
  ['x.cpuprofile', 'cpuprofile'],
  ['x.pb.gz', 'pprof'],
  ['x.pprof', 'pprof'],
  ['x.firefox.json', 'firefox'],
  ['x.profile.json', 'firefox'],
  ['/tmp/x.pyisession', 'pyisession'],
  ['x.timesink', 'timesink'],
  ['profile.prof', 'text'],
  ['json', 'text'],
])('%s is written as %s', (outfile, name) => {
  expect(inferRenderer(outfile).name).toBe(name);
});

test('options are checked before there is a session', () => {
  expect(() => findRenderer('text').check({ flat: true, timeline: true })).toThrow('cannot be used together');
  expect(() => findRenderer('timesink').check({ show_all: true })).toThrow('has no option show_all');
  expect(() => findRenderer('json').check({ show_all: true, threads: true })).not.toThrow();
});

test('a .timesink file holds the session', () => {
  const session = sessionFromText('1\nmain');
  const bytes = findRenderer('timesink').render(session);
  if (typeof bytes === 'string') throw new Error('not bytes');
  expect(decodeSession(bytes, 'x')).toEqual(session);
});
