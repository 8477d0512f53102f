import { expect, test } from 'vitest';
import { limits } from './protocol.ts';
import { RecorderServer } from './server.ts';

const hello = {
  kind: 'hello',
  protocol: 1,
  pid: process.pid,
  implementation: 'pypy',
  version: '3.11.13',
  engine: 'inprocess',
  sysPath: ['/app'],
  sysPrefixes: ['/usr'],
};

const start = (region: number): object => ({
  kind: 'start',
  region,
  interval: 0.001,
  thread: { ident: 1, nativeId: 0, name: 'MainThread' },
  asyncMode: 'disabled',
  description: 'block',
  startCallStack: [],
  startTime: 1,
  at: 10,
});

/** What the server writes while it receives these requests, each answered before the next one comes. */
async function answersTo(...requests: readonly (object | string | null)[]): Promise<readonly unknown[]> {
  const answers: unknown[] = [];
  const server = new RecorderServer((line) => answers.push(JSON.parse(line)));
  for (const [id, request] of requests.entries()) {
    const isText = typeof request === 'string' || request === null;
    await server.receive(isText ? request : JSON.stringify({ id, ...request }));
  }
  return answers;
}

const code = (answer: unknown): string => (answer as { readonly error: { readonly code: string } }).error.code;

test('answers what is too long, what is no request, and what comes before hello', async () => {
  const answers = await answersTo(null, '{', start(1), { kind: 'stop', region: 1, at: 1, cpuTime: 0 }, hello);
  expect(answers.slice(0, 4).map(code)).toEqual(['MALFORMED', 'MALFORMED', 'MALFORMED', 'MALFORMED']);
  expect(answers[0]).toMatchObject({ id: null });
  expect(answers[4]).toMatchObject({ id: 4, engine: 'inprocess', refusal: null });
});

test('writes nothing for what has no id', async () => {
  const silent = JSON.stringify({ kind: 'stop', region: 1, at: 1, cpuTime: 0 });
  expect(await answersTo(silent, JSON.stringify({ kind: 'drop', sessions: [1] }))).toEqual([]);
});

test('says hello once, and again after it failed', async () => {
  const [failed, worked, second] = await answersTo({ ...hello, protocol: 99 }, hello, hello);
  expect(code(failed)).toBe('MALFORMED');
  expect(worked).toMatchObject({ engine: 'inprocess' });
  expect(code(second)).toBe('MALFORMED');
});

test('makes a session of each region, and leaves out pauses', async () => {
  const answers = await answersTo(
    hello,
    start(5),
    { kind: 'pause', region: 5, at: 11 },
    { kind: 'resume', region: 5, at: 13 },
    { kind: 'stop', region: 5, at: 14, cpuTime: 0.5, sysPath: ['/lib'], notes: ['Tasks were not followed.'] },
    { kind: 'session', session: 1 },
    { kind: 'tree', session: 1 },
  );
  expect(answers[4]).toMatchObject({
    session: 1,
    meta: { duration: 2, cpuTime: 0.5, sysPath: ['/lib'], sysPrefixes: ['/usr'], notes: ['Tasks were not followed.'] },
  });
  expect(answers[5]).toMatchObject({ pyisession: { duration: 2, frame_records: [] } });
  expect(answers[6]).toMatchObject({ tree: null });
});

test('runs no more regions than it may', async () => {
  const starts = Array.from({ length: limits.regions + 1 }, (_, region) => start(region));
  const answers = await answersTo(hello, ...starts);
  expect(answers.at(-2)).toMatchObject({ coroutines: [] });
  expect(code(answers.at(-1))).toBe('LIMIT');
});
