import { expect, test } from 'vitest';
import { type CliOptions, settleOptions } from './options.ts';
import { parseRequest, type Request } from './parse.ts';

const parse = (...words: string[]): Request => parseRequest(words);

function optionsOf(...words: string[]): CliOptions {
  const request = parse(...words, 'x.py');
  if (request.kind !== 'run') throw new Error(`a run, not ${request.kind}`);
  return settleOptions(request.given);
}

test('a plain run has the defaults', () => {
  expect(parse('x.py', 'a')).toEqual({
    kind: 'run',
    program: { kind: 'script', path: 'x.py', args: ['a'] },
    given: {},
  });
  expect(optionsOf()).toEqual({
    interval: 0.001,
    async: 'on',
    targetDescription: undefined,
    useTimingThread: false,
    timeline: false,
    outfile: undefined,
    renderer: undefined,
    renderOption: [],
    hide: undefined,
    hideRegex: undefined,
    show: undefined,
    showRegex: undefined,
    showAll: false,
    threads: false,
    subprocesses: false,
    thread: [],
    process: [],
    from: undefined,
    to: undefined,
    color: undefined,
    unicode: undefined,
    source: undefined,
    load: undefined,
    loadPrev: undefined,
    python: undefined,
    node: undefined,
    nodeOptions: undefined,
    debug: false,
    configured: {},
  });
});

test('every option arrives', () => {
  const flags = [
    '-t',
    '--show-all',
    '--threads',
    '--subprocesses',
    '--debug',
    '--no-color',
    '--unicode',
    '--no-source',
  ];
  const values = ['-i', '1e-4', '-o', 'f', '-r', 'json', '-p', 'a', '-p', 'b.c=1', '--python', 'p', '--hide', 'h'];
  const chosen = ['--thread', 'a', '--thread', '7', '--process', 'b', '--from', '.5', '--to', '1e1'];
  expect(optionsOf(...flags, ...values, ...chosen, '--target-description', 'd', '--use-timing-thread')).toEqual({
    interval: 0.0001,
    async: 'on',
    targetDescription: 'd',
    useTimingThread: true,
    timeline: true,
    outfile: 'f',
    renderer: 'json',
    renderOption: ['a', 'b.c=1'],
    hide: 'h',
    hideRegex: undefined,
    show: undefined,
    showRegex: undefined,
    showAll: true,
    threads: true,
    subprocesses: true,
    thread: ['a', '7'],
    process: ['b'],
    from: 0.5,
    to: 10,
    color: false,
    unicode: true,
    source: false,
    load: undefined,
    loadPrev: undefined,
    python: 'p',
    node: undefined,
    nodeOptions: undefined,
    debug: true,
    configured: {},
  });
  expect(optionsOf('--hide-regex', 'h', '--show-regex', 's')).toMatchObject({ hideRegex: 'h', showRegex: 's' });
  expect(optionsOf('--show', 's')).toMatchObject({ show: 's' });
});

test('the last of two opposites wins', () => {
  expect(optionsOf('--color', '--no-color').color).toBe(false);
  expect(optionsOf('--no-color', '--color').color).toBe(true);
});

test.each([
  [['--hide', 'a', '--hide-regex', 'b'], '--hide and --hide-regex exclude each other'],
  [['--show', 'a', '--show-regex', 'b'], '--show and --show-regex exclude each other'],
  [['--show-all', '--show', 'a'], '--show and --show-all exclude each other'],
  [['--show-all', '--show-regex', 'a'], '--show-regex and --show-all exclude each other'],
  [['--from', '2', '--to', '1'], 'nothing from 2 s to 1 s'],
  [['--from', '2', '--to', '2'], 'nothing from 2 s to 2 s'],
  [['--from', '-1'], '"-1" is not a number of seconds'],
  [['--to', 'x'], '"x" is not a number of seconds'],
])('%j does not fit together', (words, message) => {
  expect(() => optionsOf(...words)).toThrow(
    expect.objectContaining({ code: 'USAGE', message: expect.stringContaining(message) }),
  );
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

test('--load and --load-prev exclude each other and a program', () => {
  expect(parse('--load', 'f', '-t')).toEqual({ kind: 'load', file: 'f', given: { load: 'f', timeline: true } });
  for (const words of [
    ['--load', 'f', 'x.py'],
    ['--load', 'f', '-m', 'x'],
    ['--load', 'f', '-c', 'x'],
    ['--load', 'f', '--load-prev'],
    ['--load-prev', '-c', 'x'],
    ['--load-prev=x', 'x.py'],
    ['--load-prev', 'x', '--', 'x.py'],
  ]) {
    expect(() => parse(...words), words.join(' ')).toThrow('not both');
  }
});

test('--load-prev alone means the newest', () => {
  expect(parse('--load-prev')).toMatchObject({ kind: 'load-kept', id: undefined });
  expect(parse('--load-prev', '-t')).toMatchObject({ kind: 'load-kept', id: undefined, given: { timeline: true } });
  expect(parse('--load-prev', 'x')).toMatchObject({ kind: 'load-kept', id: 'x' });
  expect(parse('--load-prev=x', '-t')).toMatchObject({ kind: 'load-kept', id: 'x', given: { timeline: true } });
});

test('help and version are printed before anything else is checked', () => {
  expect(parse('-i', '0', '--version')).toEqual({ kind: 'version' });
  expect(parse('-h')).toEqual({ kind: 'help', subcommand: undefined, exitCode: 0 });
  expect(parse('x.py', '-h').kind).toBe('run');
});

test('without anything to do the help is shown, as an error', () => {
  expect(parse()).toMatchObject({ kind: 'help', exitCode: 2 });
  expect(parse('-t')).toMatchObject({ kind: 'help', exitCode: 2 });
});

test('a subcommand is one only as the first word', () => {
  expect(parse('view', 'a')).toMatchObject({ kind: 'subcommand', subcommand: { name: 'view' }, words: ['a'] });
  expect(parse('-t', 'view')).toMatchObject({ kind: 'run', program: { kind: 'script', path: 'view' } });
  expect(parse('./view')).toMatchObject({ kind: 'run', program: { kind: 'script', path: './view' } });
});

test('options of a subcommand stand anywhere', () => {
  const [words, values] = [['a', '-', '-x'], { timeline: true, renderer: 'json', thread: ['b', 'c'] }];
  expect(parse('view', '-t', 'a', '-rjson', '--thread', 'b', '-', '--thread=c', '--', '-x')).toMatchObject({
    words,
    values,
  });
  expect(parse('view', 'a', '-h')).toMatchObject({ kind: 'help', subcommand: { name: 'view' }, exitCode: 0 });
});

test('options of a run are none of a subcommand', () => {
  for (const word of ['-i=1', '--python=x', '--load=x', '-m', '--nosuch']) {
    expect(() => parse('view', 'a', word), word).toThrow(expect.objectContaining({ code: 'USAGE' }));
  }
});
