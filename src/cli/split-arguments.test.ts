import { expect, test } from 'vitest';
import { optionTable } from './options.ts';
import { splitArguments } from './split-arguments.ts';

const split = (...words: string[]) => splitArguments(words, optionTable);

test('everything after the script is the script’s', () => {
  expect(split('-t', 'x.py', '-t', '-o', 'y', '--', '--help')).toEqual({
    options: ['--timeline'],
    program: { kind: 'script', path: 'x.py', args: ['-t', '-o', 'y', '--', '--help'] },
  });
});

test('everything after the value of -m and -c is the program’s', () => {
  expect(split('-m', 'pip', '--version', '--', '-t').program).toEqual({
    kind: 'module',
    name: 'pip',
    args: ['--version', '--', '-t'],
  });
  expect(split('-c', '-x', '-t').program).toEqual({ kind: 'code', source: '-x', args: ['-t'] });
  expect(split('-mpip', 'list').program).toEqual({ kind: 'module', name: 'pip', args: ['list'] });
  expect(split('-tm', 'pip')).toEqual({ options: ['--timeline'], program: { kind: 'module', name: 'pip', args: [] } });
});

test('-- begins a command line, after --from-path a script on PATH', () => {
  expect(split('-t', '--', 'pytest', '-n', '2').program).toEqual({ kind: 'command', argv: ['pytest', '-n', '2'] });
  expect(split('--', '-m').program).toEqual({ kind: 'command', argv: ['-m'] });
  expect(split('--from-path', '--', 'prog', '-x').program).toEqual({ kind: 'from-path', name: 'prog', args: ['-x'] });
  expect(split('--from-path', '-t', 'prog', '--').program).toEqual({ kind: 'from-path', name: 'prog', args: ['--'] });
});

test('a lone dash is a script: standard input', () => {
  expect(split('-', 'x').program).toEqual({ kind: 'script', path: '-', args: ['x'] });
});

test('values come attached, joined or as the next word, whatever they look like', () => {
  const options = ['--interval=0.01', '--outfile=-t', '--renderer=json'];
  expect(split('--interval=0.01', '-o', '-t', '-rjson').options).toEqual(options);
  expect(split('--interval', '0.01', '--outfile=-t', '--renderer', 'json').options).toEqual(options);
  expect(split('-ti0.01').options).toEqual(['--timeline', '--interval=0.01']);
  expect(split('-p', 'a=b=c', '--render-option=').options).toEqual(['--render-option=a=b=c', '--render-option=']);
});

test('long options may be shortened while unambiguous', () => {
  expect(split('--inter', '1', '--sub', '--no-c').options).toEqual(['--interval=1', '--subprocesses', '--no-color']);
  expect(() => split('--t')).toThrow('--t could mean --timeline or ');
  expect(() => split('--sho')).toThrow('--sho could mean --show-all or --show or --show-regex');
  expect(split('--show', 'x', '--thread', 'y', '--load', 'z').options).toEqual(['--show=x', '--thread=y', '--load=z']);
});

test('a value that may be missing is the next word unless that is an option', () => {
  expect(split('--load-prev').options).toEqual(['--load-prev']);
  expect(split('--load-prev', '-t').options).toEqual(['--load-prev', '--timeline']);
  expect(split('--load-prev', 'x', '-t').options).toEqual(['--load-prev=x', '--timeline']);
  expect(split('--load-p=x', 'y')).toMatchObject({ options: ['--load-prev=x'], program: { path: 'y' } });
});

test('nothing after an unknown option is interpreted', () => {
  expect(split('-t', '--nosuch', 'x.py')).toEqual({ options: ['--timeline', '--nosuch'], program: undefined });
  expect(split('-tx', 'x.py').options).toEqual(['--timeline', '-tx']);
});

test.each([
  [['-o'], 'needs a value'],
  [['-m'], 'needs a value'],
  [['--interval'], 'needs a value'],
  [['--'], 'no command after --'],
  [['--from-path'], 'needs the name of a script'],
  [['--from-path', '-m', 'x'], 'exclude each other'],
  [['--from-path', '-c', 'x'], 'exclude each other'],
])('%j is a usage error', (words, message) => {
  expect(() => split(...words)).toThrow(
    expect.objectContaining({ code: 'USAGE', message: expect.stringContaining(message) }),
  );
});
