import { expect, test } from 'vitest';
import { sessionFromText } from '../../test/support/session-from-text.ts';
import { type HottestLines, LineTimes } from './hottest-lines.ts';

function hottest(text: string, count = 3): HottestLines {
  const session = sessionFromText(text);
  return new LineTimes(session).hottest(session.threads, count);
}

test('time goes to the innermost line of the application, whatever it called', () => {
  const text = `
  1         2                                4         8                             16
  main:10   main:10                          main:11   main:12                       main:12
  price:33  price:33                         price:33  lib@/x/site-packages/l.py:5   lib@/x/site-packages/l.py:6
  sleep()   lib@/usr/lib/python3.13/json.py:5          callback:40                   x@<frozen a>
`;
  expect(hottest(text)).toEqual({
    lines: [
      { file: '/app/main.py', line: 12, seconds: 16 },
      { file: '/app/main.py', line: 40, seconds: 8 },
      { file: '/app/main.py', line: 33, seconds: 7 },
    ],
    total: 31,
  });
});

test('lines of executed text count as their caller does', () => {
  expect(hottest('1\nmain:1\n<module>@<string>:7').lines).toEqual([{ file: '<string>', line: 7, seconds: 1 }]);
  expect(hottest('1\nmain:1\nlib@/usr/lib/python3.13/l.py:5\n<module>@<string>:7').lines).toEqual([
    { file: '/app/main.py', line: 1, seconds: 1 },
  ]);
});

test('samples without a line of the application count for the total only', () => {
  const text = `
  1                              2     4              8
  lib@/usr/lib/python3.13/a.py:1 main  [not sampled]  main:5
`;
  expect(hottest(text)).toEqual({ lines: [{ file: '/app/main.py', line: 5, seconds: 8 }], total: 15 });
});

test('only as many as asked for', () => {
  expect(hottest('1 2 4\nmain:1 main:2 main:3', 1).lines).toHaveLength(1);
});
