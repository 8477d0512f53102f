import { expect, test } from 'vitest';
import { renderers } from '../render/registry.ts';
import { parseRequest, type Request } from './parse.ts';

const parse = (...words: string[]): Request => parseRequest(words, 'VERSION\n');

function optionsOf(...words: string[]) {
  const request = parse(...words, 'x.py');
  if (request.kind !== 'run') throw new Error(`a run, not ${request.kind}`);
  return request.options;
}

test('a plain run has the defaults', () => {
  expect(parse('x.py', 'a')).toEqual({
    kind: 'run',
    program: { kind: 'script', path: 'x.py', args: ['a'] },
    options: {
      interval: 0.001,
      timeline: false,
      outfile: undefined,
      renderer: undefined,
      renderOption: [],
      showAll: false,
      threads: false,
      subprocesses: false,
      color: undefined,
      unicode: undefined,
      load: undefined,
      python: undefined,
      debug: false,
    },
  });
});

test('every option arrives', () => {
  const flags = ['-t', '--show-all', '--threads', '--subprocesses', '--debug', '--no-color', '--unicode'];
  const values = ['-i', '1e-4', '-o', 'f', '-r', 'json', '-p', 'a', '-p', 'b.c=1', '--python', 'p'];
  expect(optionsOf(...flags, ...values)).toEqual({
    interval: 0.0001,
    timeline: true,
    outfile: 'f',
    renderer: 'json',
    renderOption: ['a', 'b.c=1'],
    showAll: true,
    threads: true,
    subprocesses: true,
    color: false,
    unicode: true,
    load: undefined,
    python: 'p',
    debug: true,
  });
});

test('the last of two opposites wins', () => {
  expect(optionsOf('--color', '--no-color').color).toBe(false);
  expect(optionsOf('--no-color', '--color').color).toBe(true);
});

test.each(['0', '-1', '0.00004', '61', 'abc', '', '1ms', 'NaN', 'Infinity', '0x1'])(
  'the interval %j is a usage error that tells the range',
  (text) => {
    expect(() => optionsOf(`--interval=${text}`)).toThrow(
      expect.objectContaining({ code: 'USAGE', hint: expect.stringContaining('0.00005 (50 µs) to 60') }),
    );
  },
);

test.each(['0.00005', '50e-6', '.1', '60', '+1'])('the interval %s is accepted', (text) => {
  expect(optionsOf('-i', text).interval).toBe(Number(text));
});

test('an unknown option is told with the nearest known one', () => {
  expect(() => parse('--threeds', 'x.py')).toThrow(
    expect.objectContaining({ code: 'USAGE', message: "unknown option '--threeds'", hint: 'Did you mean --threads?' }),
  );
  expect(() => parse('-x')).toThrow(expect.objectContaining({ code: 'USAGE', message: "unknown option '-x'" }));
});

test('a flag takes no value', () => {
  expect(() => parse('--timeline=1', 'x.py')).toThrow(expect.objectContaining({ code: 'USAGE' }));
});

test('--load excludes a program', () => {
  expect(parse('--load', 'f', '-t')).toMatchObject({ kind: 'load', file: 'f', options: { timeline: true } });
  expect(() => parse('--load', 'f', 'x.py')).toThrow('not both');
  expect(() => parse('--load', 'f', '-m', 'x')).toThrow('not both');
});

test('help and version are printed before anything else is checked', () => {
  expect(parse('-i', '0', '--version')).toEqual({ kind: 'print', text: 'VERSION\n', exitCode: 0 });
  expect(parse('-h')).toMatchObject({ kind: 'print', exitCode: 0 });
  expect(parse('x.py', '-h').kind).toBe('run');
});

test('without anything to do the help is shown, as an error', () => {
  expect(parse()).toMatchObject({ kind: 'print', exitCode: 2 });
  expect(parse('-t')).toMatchObject({ kind: 'print', exitCode: 2 });
});

test('the help fits two screens, names every format and explains the report', () => {
  const request = parse('--help');
  const text = request.kind === 'print' ? request.text : '';
  const lines = text.split('\n');
  expect(lines.length).toBeLessThanOrEqual(2 * 28);
  expect(lines.filter((line) => line.length > 84)).toEqual([]);
  const formats = /--renderer <format> +(.*)/.exec(text)?.[1];
  for (const { name } of renderers) expect(formats).toContain(name);
  for (const term of ['[self]', 'frames hidden', 'Hottest lines', 'red', 'yellow', '<built-in>'])
    expect(text).toContain(term);
});
