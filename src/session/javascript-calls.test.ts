import { expect, test } from 'vitest';
import { callsIn } from './javascript-calls.ts';
import { functionAt } from './javascript-functions.ts';
import { type JavaScriptTokens, readTokens } from './javascript-tokens.ts';

/** The line of each call in the function whose parameters `▶` marks; null for several lines. */
function callLines(text: string): Readonly<Record<string, number | null>> {
  const offset = text.indexOf('▶');
  const source = text.replace('▶', '');
  const tokens = readTokens(source) as JavaScriptTokens;
  const found = functionAt(tokens, offset);
  if (found === null) throw new Error('no function');
  const lineOf = (at: number): number | null => (at < 0 ? null : source.slice(0, at).split('\n').length);
  return Object.fromEntries([...callsIn(tokens, found)].map(([name, at]) => [name, lineOf(at)]));
}

test('calls of functions, methods and classes, each on one line', () => {
  const text = `function main▶(a) {
  const quote = new Quote(a);
  if (a) return quote.total(2) + quote.total(3);
  for (const b of rows()) await save?.(b);
  quote
    .rounded();
}`;
  expect(callLines(text)).toEqual({ Quote: 2, total: 3, rows: 4, save: 4, rounded: 6 });
});

test('calls on several lines are none', () => {
  expect(callLines('function main▶() {\n  load();\n  load();\n  save();\n}')).toEqual({ load: null, save: 4 });
});

test('what functions within call is theirs', () => {
  const text = `const main = ▶() => {
  rows.map((row) => inner(row));
  const helper = function () { inner(); };
  class A { method(b) { inner(b); } }
  const one = (c: number): string => inner(c);
  helper();
};`;
  expect(callLines(text)).toEqual({ map: 2, helper: 6 });
});

test('an expression is a body, too', () => {
  expect(callLines('const main = ▶(a) => load(a) + 1;\nsave();')).toEqual({ load: 1 });
});
