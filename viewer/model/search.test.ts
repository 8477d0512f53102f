import { expect, test } from 'vitest';
import { stackTimes } from '../../src/tree/stack-times.ts';
import { sessionFromText } from '../../test/support/session-from-text.ts';
import { findFunctions, timeWithin } from './search.ts';

const session = sessionFromText(`
  1            2                4            8
  main         main             main         main
  Box.load@lib/store.py:3  load@app.py  save@lib/store.py
  read()
`);

const shortPath = (path: string): string => path.replace(/^\/app\//, '');

function search(text: string): string {
  const found = findFunctions(session, shortPath, text);
  if (found === null) return 'nothing asked';
  const { seconds, total } = timeWithin(session, stackTimes(session, session.threads), found);
  const names = [...found].map((identifier) => identifier.split('\0')[0]);
  return `${names.sort().join(' ')}: ${seconds} of ${total}`;
}

test.each([
  ['load', 'load load: 3 of 15'],
  ['LOAD', 'load load: 3 of 15'],
  ['box.load', 'load: 1 of 15'],
  ['lib/store', 'load save: 5 of 15'],
  ['lib.store', 'load save: 5 of 15'],
  ['load, lib', 'load: 1 of 15'],
  ['load, -lib', 'load: 2 of 15'],
  ['store.py:1', 'load save: 5 of 15'],
  ['read', 'read: 1 of 15'],
  ['main', 'main: 15 of 15'],
  ['nosuch', ': 0 of 15'],
  [' , ', 'nothing asked'],
  ['', 'nothing asked'],
])('%s', (text, expected) => {
  expect(search(text)).toBe(expected);
});
