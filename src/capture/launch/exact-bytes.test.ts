import { expect, test } from 'vitest';
import { originalBytes } from './exact-bytes.ts';

const raw = (...entries: string[]): Buffer =>
  Buffer.concat(entries.map((entry) => Buffer.from(`${entry}\0`, 'latin1')));
const text = (latin1: string): string => Buffer.from(latin1, 'latin1').toString();

const bytes = originalBytes((name) =>
  name === 'cmdline' ? raw('node', 'timesink.js', '-t', 'x\xe9', '', 'x\xe8', 'x') : raw('A=1', 'B=\xe9=\xff', 'C='),
);

test('a command line gets its own bytes, also where two words look the same', () => {
  const words = ['python3', text('x\xe9'), '', text('x\xe8'), 'x'];
  expect(bytes.commandLine(words).map((word) => word.toString('latin1'))).toEqual([
    'python3',
    'x\xe9',
    '',
    'x\xe8',
    'x',
  ]);
});

test('words that are not the last arguments are taken as they look', () => {
  expect(bytes.commandLine([text('x\xe9'), 'other'])).toEqual([Buffer.from('x\ufffd'), Buffer.from('other')]);
});

test('one argument and one variable', () => {
  expect(bytes.argument(text('x\xe9')).toString('latin1')).toBe('x\xe9');
  expect(bytes.argument('größer').toString()).toBe('größer');
  expect(bytes.variable('B', text('\xe9=\xff')).toString('latin1')).toBe('\xe9=\xff');
  expect(bytes.variable('A', '1').toString()).toBe('1');
  expect(bytes.variable('D', '\ufffd').toString()).toBe('\ufffd');
});

test('without /proc everything is UTF-8', () => {
  const none = originalBytes(() => Buffer.alloc(0));
  expect(none.commandLine(['\ufffd'])).toEqual([Buffer.from('\ufffd')]);
  expect(none.variable('A', '\ufffd').toString()).toBe('\ufffd');
});
