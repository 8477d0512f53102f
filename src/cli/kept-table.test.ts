import { mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { recordedSession } from '../../test/support/sessions.ts';
import { encodeSession } from '../session/file.ts';
import { keepSession } from './kept-sessions.ts';
import { keptTable } from './kept-table.ts';

let data = '';
beforeEach(() => {
  data = mkdtempSync(join(tmpdir(), 'timesink-test-'));
});
afterEach(() => rmSync(data, { recursive: true }));

const now = Date.now();
const table = (): string => keptTable({ XDG_DATA_HOME: data }, now);

function keep(bytes: Uint8Array, secondsAgo: number): void {
  const folder = join(data, 'timesink/sessions');
  const id = keepSession(folder, bytes, new Date(2026, 0, 2, 3, 4, 5).getTime());
  utimesSync(join(folder, `${id}.timesink`), now / 1000 - secondsAgo, now / 1000 - secondsAgo);
}

test('where nothing is kept, that is said', () => {
  expect(table()).toBe('No runs are kept yet.\n');
});

test('each has a line, newest first; damaged ones have one, too', () => {
  const session = recordedSession();
  const hostile = { ...session, meta: { ...session.meta, duration: 83.26 as never, description: 'a\u001b[2J\nb' } };
  keep(encodeSession(session), 200_000);
  keep(encodeSession(hostile), 7300);
  keep(encodeSession(session).subarray(0, 200), 65);
  keep(Buffer.from('not gzip'), 5);
  keep(new Uint8Array(), 0);
  expect(table().replace(/\d{3} B/g, 'NNN B')).toBe(
    [
      'Id                          Age  Duration   Size  Title',
      '2026-01-02T03-04-05-5  just now         ?    0 B  (damaged)',
      '2026-01-02T03-04-05-4  just now         ?    8 B  (damaged)',
      '2026-01-02T03-04-05-3  1 minute         ?  NNN B  (damaged)',
      '2026-01-02T03-04-05-2   2 hours    83.3 s  NNN B  a\\x1b[2J\\nb',
      '2026-01-02T03-04-05      2 days    1.50 s  NNN B  Program: app.py',
      '',
    ].join('\n'),
  );
});

test('a session longer than what is read of it has its line', () => {
  const session = recordedSession();
  const frames = Array.from({ length: 50_000 }, (_, index) => ({
    ...(session.frames[0] as (typeof session.frames)[number]),
    functionName: `function_${Math.imul(index, 2_654_435_761)}`,
  }));
  const bytes = encodeSession({ ...session, frames: [...session.frames, ...frames] });
  expect(bytes.length).toBeGreaterThan(100_000);
  keep(bytes, 0);
  expect(table()).toMatch(/1\.50 s {2}\d+ kB {2}Program: app\.py\n$/);
});

test('what has no shape of a recording is damaged', async () => {
  const { gzipSync } = await import('node:zlib');
  const texts = [
    '',
    '{}\n{}\n{}\n',
    '{"format":"timesink","version":99}\n{}\n\n',
    '{"format":"timesink","version":1}\n{}\n\n',
  ];
  for (const text of texts) keep(gzipSync(text), 0);
  expect(table().match(/\(damaged\)/g)).toHaveLength(texts.length);
  writeFileSync(join(data, 'timesink/sessions/2026-01-02T03-04-05.timesink'), 'x');
  expect(table().match(/\(damaged\)/g)).toHaveLength(texts.length);
});
