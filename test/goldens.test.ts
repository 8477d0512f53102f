/** Do our reports of a session look as pyinstrument's, byte for byte? */
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { findRenderer } from '../src/render/registry.ts';
import type { RenderOptions } from '../src/render/renderer.ts';
import { parsePyisession } from '../src/session/pyisession.ts';

const folder = new URL('./golden/', import.meta.url);

const plain = { unicode: true };

const textOptions: Readonly<Record<string, RenderOptions>> = {
  text: plain,
  'text-ascii': {},
  'text-color': { unicode: true, color: true },
  'text-color-ascii': { color: true },
  'text-flat': { ...plain, flat: true },
  'text-flat-color': { unicode: true, color: true, flat: true },
  'text-flat-total': { ...plain, flat: true, flat_time: 'total' },
  'text-flat-showall': { ...plain, flat: true, show_all: true, processor_options: { show_regex: '.*' } },
  'text-percent': { ...plain, time: 'percent_of_total' },
  'text-flat-percent': { ...plain, flat: true, time: 'percent_of_total' },
  'text-timeline': { ...plain, timeline: true },
  'text-showall': { ...plain, show_all: true, processor_options: { show_regex: '.*' } },
  'text-showall-timeline': { ...plain, show_all: true, timeline: true, processor_options: { show_regex: '.*' } },
  'text-threshold0': { ...plain, processor_options: { filter_threshold: 0 } },
  'text-threshold0.2': { ...plain, processor_options: { filter_threshold: 0.2 } },
  'text-short': { ...plain, short_mode: true },
  'text-short-color': { unicode: true, color: true, short_mode: true },
  'text-hide-app': { ...plain, processor_options: { hide_regex: '/srv/app/.*$' } },
  'text-show-requests': { ...plain, processor_options: { show_regex: '.*/requests/.*$' } },
  'text-showregex-lib': { ...plain, processor_options: { show_regex: '.*/(django|json)/' } },
};

const jsonOptions: Readonly<Record<string, RenderOptions>> = {
  json: {},
  'json-showall': { show_all: true, processor_options: { show_regex: '.*' } },
  'json-timeline': { timeline: true },
};

const goldens = readdirSync(folder).flatMap((file) => {
  const [, name, key] = /^([^.]+)\.(.+)\.txt$/.exec(file) ?? [];
  return name === undefined || key === undefined ? [] : [{ name, key }];
});

function read(file: string): string {
  return readFileSync(new URL(file, folder), 'utf8');
}

function render(name: string, format: string, options: RenderOptions | undefined): string {
  const session = parsePyisession(read(`${name}.pyisession`), `${name}.pyisession`);
  const report = findRenderer(format).render(session, options);
  if (typeof report !== 'string') throw new Error(`${format} is not text`);
  return report;
}

/**
 * Where pyinstrument takes the first child below its own frames, however short, we take the longest: its result is then
 * the same as that of another golden, in which the longest comes first.
 *
 * Where it leaves out a short call in the order of time, we keep it if all calls of its path together are long enough: in
 * `async` that are all calls, as with `--show-all`.
 */
const sameAs: Readonly<Record<string, string>> = {
  'clistem_firstchild.text-timeline': 'clistem_firstchild.text',
  'clistem_firstchild.text-showall-timeline': 'clistem_firstchild.text-showall',
  'clistem_firstchild.json-timeline': 'clistem_firstchild.json',
  'async.text-timeline': 'async.text-showall-timeline',
};

function expected(name: string, key: string): string {
  const file = `${name}.${key}`;
  return read(`${sameAs[file] ?? file}.txt`);
}

/** In the list of functions, time that these rows show is in the rows of functions already: we leave them out. */
const timeRow = /^\S+ \[(self|await|out-of-context)\]/;

/** The total of a recursive function is that of its outermost call, not of the one that was seen last. */
function functionRows(name: string, key: string, lines: readonly string[]): readonly string[] {
  const rows = lines.filter((line) => !timeRow.test(line));
  return name === 'deep' && key === 'text-flat-total' ? rows.map((row) => row.replace('0.500 rec', '0.800 rec')) : rows;
}

const afterTree = ['', 'Hottest lines'];

test('there are goldens to compare with', () => {
  expect(goldens.length).toBe(381);
  expect(goldens.filter(({ key }) => !(key in textOptions) && !(key in jsonOptions))).toEqual([]);
});

describe('text', () => {
  test.each(goldens.filter(({ key }) => key in textOptions))('$name $key', ({ name, key }) => {
    const theirs = expected(name, key);
    const options = textOptions[key];
    const report = render(name, 'text', name === 'deep' ? { ...options, recursion: 'full' } : options);
    if (options?.['short_mode'] === true) {
      expect(report).toBe(theirs.replace('TOOLNAME', 'timesink'));
      return;
    }
    const lines = theirs.split('\n').slice(5);
    const tree = (options?.['flat'] === true ? functionRows(name, key, lines) : lines).join('\n');
    const ours = report.split('\n').slice(3).join('\n');
    expect(ours.slice(0, tree.length)).toBe(tree);
    expect(afterTree).toContain(ours.slice(tree.length).split('\n', 1)[0]);
  });
});

describe('a recursion of 300 levels in one line', () => {
  test.each([plain, { ...plain, timeline: true }, textOptions['text-showall']])('%j', (options) => {
    const [, , , , , ...lines] = render('deep', 'text', options).split('\n');
    expect(lines.slice(0, lines.indexOf(''))).toEqual([
      '0.800 MainThread  <thread>:140000000000001',
      '└─ 0.800 <module>  deep.py:1',
      '   └─ 0.800 recurse  deep.py:3  [recursion, 300 deep]',
    ]);
  });
});

/** The third call of `fetch`, 0.001 s of 0.851 s, which pyinstrument leaves out of the order of time. */
const shortFetch = ['fetch', 'sleep', '[await]'].map((name) => ({ function: name, time: 0.001, await_time: 0.001 }));

describe('json', () => {
  const others = goldens.filter(({ name, key }) => name !== 'async' || key !== 'json-timeline');
  test.each(others.filter(({ key }) => key in jsonOptions))('$name $key', ({ name, key }) => {
    expect(render(name, 'json', jsonOptions[key])).toBe(expected(name, key));
  });

  test('async json-timeline has the short call that pyinstrument leaves out', () => {
    const theirs = JSON.parse(expected('async', 'json-timeline'));
    const ours = JSON.parse(render('async', 'json', { timeline: true }));
    const short = ours.root_frame.children.pop();
    expect([short, short.children[0], short.children[0].children[0]]).toMatchObject(shortFetch);
    theirs.root_frame.await_time = 0.801;
    expect(ours).toEqual(theirs);
  });
});
