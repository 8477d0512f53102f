import { expect, test } from 'vitest';
import { defineRenderer, type Renderer } from '../render/renderer.ts';
import type { CliOptions } from './options.ts';
import { parseRequest } from './parse.ts';
import { renderOptions } from './render-options.ts';

const flag = { kind: 'flag', help: '' } as const;

const renderer = (options: Renderer['options']): Renderer =>
  defineRenderer({ name: 'x', aliases: [], extensions: [], isBinary: false, summary: '', options, run: () => '' });

function optionsFor(...words: string[]): CliOptions {
  const request = parseRequest([...words, 'x.py'], '');
  if (request.kind !== 'run') throw new Error('not a run');
  return request.options;
}

const text = renderer({ color: flag, unicode: flag, timeline: flag, show_all: flag, threads: flag });
const appearance = { color: true, unicode: false };
const of = (...words: string[]) => renderOptions(text, optionsFor(...words), appearance);

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
  expect(renderOptions(renderer({}), optionsFor('-t'), appearance)).toEqual({ timeline: true });
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
