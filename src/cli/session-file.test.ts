import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { recordedSession } from '../../test/support/sessions.ts';
import { encodeSession, readSession } from '../session/file.ts';
import { formatPyisession } from '../session/pyisession.ts';
import { readSessionFile } from './session-file.ts';

let folder = '';
const inFolder = (name: string): string => join(folder, name);
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'timesink-test-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** 17 MB of records. */
function largeFile(): string {
  const file = JSON.parse(formatPyisession(recordedSession())) as { readonly frame_records: readonly unknown[] };
  const records = Array.from({ length: 100_000 }, (_, index) => file.frame_records[index % file.frame_records.length]);
  return JSON.stringify({ ...file, frame_records: records }, null, 1);
}

test('a large .pyisession is read piece by piece and is the same session', () => {
  const text = largeFile();
  expect(text.length).toBeGreaterThan(2 ** 24);
  writeFileSync(inFolder('large'), text);
  expect(readSessionFile(inFolder('large'))).toEqual(readSession(Buffer.from(text), 'x'));
});

test('what is wrong at the end of a large file is told as ever', () => {
  writeFileSync(inFolder('large'), `${largeFile()}x`);
  expect(() => readSessionFile(inFolder('large'))).toThrow(
    expect.objectContaining({ code: 'INVALID_FILE', message: `${inFolder('large')}: not valid JSON` }),
  );
});

test('any other file', () => {
  writeFileSync(inFolder('a.timesink'), encodeSession(recordedSession()));
  expect(readSessionFile(inFolder('a.timesink'))).toEqual(recordedSession());
});

test('what cannot be read is told with its name', () => {
  mkdirSync(inFolder('folder'));
  for (const [name, reason] of [
    ['nosuch', 'no such file or directory'],
    ['folder', 'it is a directory'],
  ] as const) {
    expect(() => readSessionFile(inFolder(name))).toThrow(
      expect.objectContaining({ code: 'UNREADABLE_FILE', message: `cannot read ${inFolder(name)}: ${reason}` }),
    );
  }
});
