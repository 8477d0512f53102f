import fc from 'fast-check';
import { expect, test } from 'vitest';
import { deepSession, sessionFromText, type WrittenSession } from '../../test/support/session-from-text.ts';
import { rankFiles } from './file-times.ts';
import { LineTimes } from './hottest-lines.ts';
import { lineCalls } from './line-calls.ts';
import { buildLineTable } from './line-table.ts';
import { stackTimes } from './stack-times.ts';

function linesOf(written: string | WrittenSession, file = '/app/main.py') {
  const session = sessionFromText(written);
  return buildLineTable(session, session.threads).files.get(file);
}

const timesOf = (written: string): readonly (readonly [number, number, number])[] | undefined =>
  linesOf(written)?.lines.map(({ line, self, total }) => [line, self, total] as const);

test('a line has the time of what has no line, and all that it called', () => {
  const text = `
  1        2        4        8               16
  main:10  main:10  main:11  main:11         main:12
  f:33     f:33     [await]  g@other.py:5
  sleep()                                    
`;
  expect(timesOf(text)).toEqual([
    [10, 0, 3],
    [11, 4, 12],
    [12, 16, 16],
    [33, 3, 3],
  ]);
  expect(linesOf(text)).toMatchObject({ self: 23, total: 31 });
  expect(linesOf(text, '/app/other.py')).toMatchObject({ self: 8, total: 8 });
});

test('a sample counts once for a line, however often it is in the stack', () => {
  expect(
    timesOf(`
  1     2     4
  f:5   f:5   f:5
  f:5   f:7   g:9
  f:5   f:5   f:5
`),
  ).toEqual([
    [5, 7, 7],
    [7, 0, 2],
    [9, 0, 4],
  ]);
});

test('unknown lines count for their file only', () => {
  const file = linesOf('1 2\nmain main:4');
  expect(file).toMatchObject({ self: 3, total: 3 });
  expect(file?.lines.map(({ line }) => line)).toEqual([4]);
});

test('of several functions on a line the one with the most time is named', () => {
  expect(linesOf('1   5   3\nf:4 g:4 f:4')?.lines[0]?.frame.functionName).toBe('g');
});

test('time in no file is in the total', () => {
  const session = sessionFromText('1 2 4\nmain:1 [not sampled] sleep()');
  const table = buildLineTable(session, session.threads);
  expect(table.total).toBe(7);
  expect([...table.files.keys()]).toEqual(['/app/main.py']);
});

test('only the given threads count', () => {
  const session = sessionFromText({
    threads: [{ samples: '1\nmain:1' }, { name: 'worker', samples: '2\nmain:1\nwork:2' }],
  });
  const [main] = session.threads;
  if (main === undefined) throw new Error('no thread');
  expect(buildLineTable(session, [main]).files.get('/app/main.py')?.lines).toMatchObject([
    { line: 1, self: 1, total: 1 },
  ]);
});

test('where all code is the application’s, self is what the hottest lines say', () => {
  const cell = fc.tuple(fc.constantFrom('f', 'g', 'h@other.py'), fc.integer({ min: 1, max: 4 }));
  const sample = fc.tuple(fc.integer({ min: 1, max: 9 }), fc.array(cell, { minLength: 1, maxLength: 5 }));
  fc.assert(
    fc.property(fc.array(sample, { minLength: 1, maxLength: 12 }), fc.boolean(), (samples, endsInBuiltin) => {
      const session = sessionFromText({
        threads: samples.map(([seconds, cells], index) => ({
          name: index === 0 ? 'MainThread' : `worker ${index}`,
          samples: [
            `${seconds}`,
            ...cells.map(([name, line]) => `${name}:${line}`),
            endsInBuiltin ? 'sleep()' : '',
          ].join('\n'),
        })),
      });
      const { files, total } = buildLineTable(session, session.threads);
      const hottest = new LineTimes(session).hottest(session.threads, Number.POSITIVE_INFINITY);
      const self = [...files.values()].flatMap(({ file, lines }) =>
        lines.filter((line) => line.self > 0).map((line) => [`${file}:${line.line}`, line.self] as const),
      );
      expect(new Map(self)).toEqual(
        new Map(hottest.lines.map(({ file, line, seconds }) => [`${file}:${line}`, seconds])),
      );
      expect(total).toBe(hottest.total);
    }),
    { numRuns: 60 },
  );
});

test('recursion of any depth', () => {
  const session = deepSession(50_000);
  expect(buildLineTable(session, session.threads).files.get('/app/main.py')?.lines).toMatchObject([
    { line: 1, self: 1, total: 1 },
  ]);
  expect(lineCalls(session, stackTimes(session, session.threads), '/app/main.py', 1)).toMatchObject({
    callers: [{ line: 1, seconds: 1 }],
    callees: [{ line: 1, seconds: 1 }],
  });
});

test('calls to and from a line', () => {
  const session = sessionFromText(`
  1         2         4         8
  main:10   main:11   main:10   main:12
  f:33      f:33      f:34      g:50
  sleep()   g:50      g:51      sleep()
`);
  const calls = lineCalls(session, stackTimes(session, session.threads), '/app/main.py', 33);
  const drawn = (list: typeof calls.callers): string[] =>
    list.map(({ frame, line, seconds }) => `${seconds} ${frame.functionName}:${line}`);
  expect(drawn(calls.callers)).toEqual(['2 main:11', '1 main:10']);
  expect(drawn(calls.callees)).toEqual(['2 g:1', '1 sleep:0']);
  expect(lineCalls(session, stackTimes(session, session.threads), '/app/main.py', 99)).toEqual({
    callers: [],
    callees: [],
  });
});

test('files of the application come first, those that lead to the time before those that only begin it', () => {
  const session = sessionFromText(`
  8                      4                            1
  main:1                 main:1                       main:2
  query@store.py:9       lib@/x/site-packages/l.py:5
  run@/x/site-packages/big.py:7
`);
  const table = buildLineTable(session, session.threads);
  expect(rankFiles(session, session.threads, table)).toEqual([
    { file: '/app/store.py', isApplication: true, seconds: 8, total: 8 },
    { file: '/app/main.py', isApplication: true, seconds: 5, total: 13 },
    { file: '/x/site-packages/big.py', isApplication: false, seconds: 8, total: 8 },
    { file: '/x/site-packages/l.py', isApplication: false, seconds: 4, total: 4 },
  ]);
});
