import { expect, test } from 'vitest';
import { defineRenderer, type Renderer } from '../render/renderer.ts';
import { TimesinkError } from '../util/errors.ts';
import { type CliOptions, type GivenOptions, settleOptions } from './options.ts';
import { parseRequest } from './parse.ts';
import { renderOptions } from './render-options.ts';

const flag = { kind: 'flag', help: '' } as const;

const renderer = (options: Renderer['options']): Renderer =>
  defineRenderer({ name: 'x', aliases: [], extensions: [], isBinary: false, summary: '', options, run: () => '' });

function optionsFor(words: readonly string[], configured: GivenOptions = {}): CliOptions {
  const request = parseRequest([...words, 'x.py']);
  if (request.kind !== 'run') throw new Error('not a run');
  return settleOptions(request.given, configured);
}

const text = renderer({ color: flag, unicode: flag, timeline: flag, show_all: flag, threads: flag });
const appearance = { color: true, unicode: false };
const of = (...words: string[]) => renderOptions(text, optionsFor(words), appearance);

test('flags become options, looks only where the format knows them', () => {
  expect(of()).toEqual({ color: true, unicode: false });
  expect(of('-t', '--show-all', '--threads', '--subprocesses')).toEqual({
    color: true,
    unicode: false,
    timeline: true,
    show_all: true,
    threads: true,
    subprocesses: true,
  });
  expect(renderOptions(renderer({}), optionsFor(['-t']), appearance)).toEqual({ timeline: true });
});

test('--no-source stands for an option that only pages have', () => {
  const page = renderer({ source: { kind: 'flag', default: true, help: '' } });
  expect(renderOptions(page, optionsFor([]), appearance)).toEqual({});
  expect(renderOptions(page, optionsFor(['--no-source']), appearance)).toEqual({ source: false });
  expect(renderOptions(page, optionsFor(['--source'], { source: false }), appearance)).toEqual({ source: true });
  expect(renderOptions(text, optionsFor([], { source: false }), appearance)).toEqual(appearance);
  expect(() => text.check(renderOptions(text, optionsFor(['--no-source']), appearance))).toThrow(
    'the x report has no option source',
  );
});

test('-p values are JSON, or else text; without one, true', () => {
  expect(of('-p', 'a', '-p', 'b=1', '-p', 'c=x=y', '-p', 'd={"e":[1]}', '-p', 'f=')).toMatchObject({
    a: true,
    b: 1,
    c: 'x=y',
    d: { e: [1] },
    f: '',
  });
});

test('-p comes after flags, in order', () => {
  expect(of('-t', '-p', 'timeline=false', '-p', 'unicode', '-p', 'color=1', '-p', 'color=2')).toEqual({
    timeline: false,
    unicode: true,
    color: 2,
  });
});

test('dots reach into options, what is there stays', () => {
  expect(of('-p', 'o={"a":1}', '-p', 'o.b=2', '-p', 'o.c.d=3')).toMatchObject({ o: { a: 1, b: 2, c: { d: 3 } } });
});

test('a name through a plain value, or no name, is a usage error', () => {
  expect(() => of('-p', 'a=1', '-p', 'a.b=2')).toThrow('a has a value');
  expect(() => of('-p', 'a=[1]', '-p', 'a.0=2')).toThrow('a has a value');
  for (const nameless of ['', '=1', 'a.', '.a', 'a..b']) expect(() => of('-p', nameless)).toThrow('has no name');
});

test('names that objects have by themselves are names like any other', () => {
  const options = of('-p', '__proto__.polluted=1', '-p', 'constructor.prototype.polluted=1');
  expect(Object.hasOwn(options, '__proto__')).toBe(true);
  expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
});

const tree = renderer({
  timeline: flag,
  threads: flag,
  subprocesses: flag,
  processor_options: { kind: 'group', help: '', options: { hide_regex: { kind: 'pattern', help: '' } } },
});

test('files to hide and show become patterns, globs for the whole path', () => {
  const given = optionsFor(['--hide', '*/lib/?', '--show-regex', '.*/x']);
  expect(renderOptions(tree, given, appearance)).toEqual({
    processor_options: { hide_regex: expect.any(String), show_regex: '.*/x' },
  });
  const { processor_options } = renderOptions(tree, given, appearance) as { processor_options: { hide_regex: string } };
  const hide = new RegExp(`^(?:${processor_options.hide_regex})`);
  expect(['/a/lib/b', '/a/lib/b/c', 'lib/b'].map((path) => hide.test(path))).toEqual([true, false, false]);
  expect(renderOptions(tree, optionsFor(['--hide-regex', 'a', '--show', 'b']), appearance)).toMatchObject({
    processor_options: { hide_regex: 'a', show_regex: expect.stringMatching(/^b/) },
  });
});

test('formats that hold everything are not told what to hide', () => {
  expect(renderOptions(text, optionsFor(['--hide', 'x']), appearance)).toEqual(appearance);
});

test('patterns and options within the same group go together', () => {
  const given = optionsFor(['--hide-regex', 'a', '-p', 'processor_options.filter_threshold=0']);
  expect(renderOptions(tree, given, appearance)).toEqual({
    processor_options: { hide_regex: 'a', filter_threshold: 0 },
  });
});

test('threads and processes asked for by name are shown', () => {
  const given = optionsFor(['--thread', 'a', '--process', '7']);
  expect(renderOptions(tree, given, appearance)).toEqual({ threads: true, subprocesses: true });
  expect(renderOptions(renderer({}), given, appearance)).toEqual({});
  expect(renderOptions(tree, optionsFor(['--thread', 'a', '-p', 'threads=false']), appearance)).toEqual({
    threads: false,
  });
});

test('a settings file comes before the command line', () => {
  const configured = { timeline: true, color: false, renderOption: ['threads', 'timeline=false'], hideRegex: 'a' };
  const settled = (...words: string[]) => renderOptions(text, optionsFor(words, configured), appearance);
  expect(settled()).toEqual({ color: true, unicode: false, timeline: false, threads: true });
  expect(settled('-t', '-p', 'threads=false')).toMatchObject({ timeline: true, threads: false });
});

test('what a settings file says is passed only to formats that know it', () => {
  const configured = { timeline: true, showAll: true, threads: true, renderOption: ['color', 'a.b=1'] };
  expect(renderOptions(renderer({ threads: flag }), optionsFor([], configured), appearance)).toEqual({ threads: true });
  expect(renderOptions(renderer({}), optionsFor(['-t'], configured), appearance)).toEqual({ timeline: true });
});

test('what a settings file says gives way to what was typed, where the format does not take both', () => {
  const exclusive = defineRenderer({
    ...{ name: 'x', aliases: [], extensions: [], isBinary: false, summary: '', run: () => '' },
    options: { flat: flag, timeline: flag, show_all: flag },
    checkTogether: ({ flat, timeline }) => {
      if (flat && timeline) throw new TimesinkError('USAGE', 'not both');
    },
  });
  const configured = { renderOption: ['flat'], showAll: true };
  const options = (words: readonly string[], settings: GivenOptions) =>
    renderOptions(exclusive, optionsFor(words, settings), appearance);
  expect(options(['-t'], configured)).toEqual({ show_all: true, timeline: true });
  expect(options(['-p', 'flat'], { timeline: true })).toEqual({ flat: true });
  expect(options([], configured)).toEqual({ show_all: true, flat: true });
  // Wrong by itself: that is for the format to say.
  expect(options([], { ...configured, timeline: true })).toEqual({ show_all: true, timeline: true, flat: true });
  expect(options(['-t', '-p', 'flat'], { showAll: true })).toEqual({ show_all: true, timeline: true, flat: true });
});
