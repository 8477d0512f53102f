import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readFolded, readRecords, sharesOf } from './profile-file.ts';

function withFile<T>(text: string, read: (path: string) => T): T {
  const folder = mkdtempSync(join(tmpdir(), 'timesink-bench-'));
  try {
    const path = join(folder, 'profile');
    writeFileSync(path, text);
    return read(path);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

test('shares are those of the time inside the measured function', () => {
  const text = `<module> (a.py:9);start (a.py:1) 10
<module> (a.py:9);measured (a.py:5);one (a.py:2) 30
<module> (a.py:9);measured (a.py:6);two (a.py:3);Thing.one (b (1).py:2) 20
<module> (a.py:9);measured (a.py:7) 50
`;
  const profile = withFile(text, readFolded);
  expect(profile.samples).toBe(110);
  expect(sharesOf(profile, 'measured', ['one', 'two', 'three'])).toEqual({ samples: 100, shares: [0.5, 0.2, 0] });
});

test('records of a .pyisession count by their seconds, samples by their number', () => {
  const record = (names: readonly string[], seconds: number): unknown => [
    names.map((name) => [name, 'a.py', '1'].join('\0')),
    seconds,
  ];
  const records = [record(['MainThread', 'measured', 'one'], 3), record(['MainThread', 'measured'], 1)];
  const profile = withFile(JSON.stringify({ sample_count: 40, frame_records: records }), readRecords);
  expect(sharesOf(profile, 'measured', ['one'])).toEqual({ samples: 40, shares: [0.75] });
});
