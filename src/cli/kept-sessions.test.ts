import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { findKept, keepSession, keptCount, keptFolder, keptSessions } from './kept-sessions.ts';

let folder = '';
beforeEach(() => {
  folder = join(mkdtempSync(join(tmpdir(), 'timesink-test-')), 'timesink/sessions');
});
afterEach(() => rmSync(join(folder, '../..'), { recursive: true }));

const noon = new Date(2026, 10, 22, 12, 0, 5).getTime();
const keep = (text: string, start = noon): string => keepSession(folder, Buffer.from(text), start);
const ids = (): readonly string[] => keptSessions(folder).map(({ id }) => id);

/** As if it had been kept so many seconds ago. */
function age(id: string, seconds: number): void {
  const time = Date.now() / 1000 - seconds;
  utimesSync(join(folder, `${id}.timesink`), time, time);
}

test('the id is the local time of the start', () => {
  expect(keep('a')).toBe('2026-11-22T12-00-05');
  expect(readFileSync(join(folder, '2026-11-22T12-00-05.timesink'), 'utf8')).toBe('a');
});

test('equal times get numbers, nothing is overwritten', () => {
  expect([keep('a'), keep('b'), keep('c')]).toEqual([
    '2026-11-22T12-00-05',
    '2026-11-22T12-00-05-2',
    '2026-11-22T12-00-05-3',
  ]);
  expect(ids().map((id) => readFileSync(join(folder, `${id}.timesink`), 'utf8'))).toEqual(['c', 'b', 'a']);
});

test('nobody else can read them, and nothing else is left', () => {
  const id = keep('a');
  expect(statSync(folder).mode & 0o777).toBe(0o700);
  expect(statSync(join(folder, `${id}.timesink`)).mode & 0o777).toBe(0o600);
  expect(readdirSync(folder)).toEqual([`${id}.timesink`]);
});

test('the newest stay, by when they were kept, other files as they are', () => {
  mkdirSync(folder, { recursive: true });
  for (const name of ['notes.txt', '2026-11-22T12-00-05.pyisession', 'x.timesink'])
    writeFileSync(join(folder, name), '');
  for (let number = 1; number <= keptCount + 2; number++) age(keep('x', noon - number * 1000), 1000 - number);
  // It began before all others.
  const last = keep('last', noon - 86_400_000);
  expect(ids()).toHaveLength(keptCount);
  expect(ids()[0]).toBe(last);
  expect(ids()).toContain('2026-11-22T11-59-53');
  expect(ids()).not.toContain('2026-11-22T12-00-02');
  expect(readdirSync(folder)).toHaveLength(keptCount + 3);
});

test('what was left unfinished is removed after a while', () => {
  keep('a');
  const [old, young] = ['.unfinished-00', '.unfinished-11'].map((name) => join(folder, name)) as [string, string];
  for (const path of [old, young]) writeFileSync(path, '');
  utimesSync(old, 0, 0);
  keep('b');
  expect([old, young].map((path) => existsSync(path))).toEqual([false, true]);
});

test('where nothing can be written, that is thrown and nothing is left', () => {
  writeFileSync(join(folder, '../..', 'file'), '');
  expect(() => keepSession(join(folder, '../..', 'file/sessions'), Buffer.from('a'), noon)).toThrow();
});

describe('finding one', () => {
  test('by id, or the newest', () => {
    const [first, second] = [keep('a'), keep('b')];
    expect(findKept(folder, undefined).id).toBe(second);
    expect(findKept(folder, first)).toMatchObject({ id: first, size: 1, path: join(folder, `${first}.timesink`) });
  });

  test('no other file can be named', () => {
    keep('a');
    writeFileSync(join(folder, '..', 'secret.timesink'), '');
    symlinkSync('/etc/passwd', join(folder, '2026-01-01T00-00-00.timesink'));
    for (const id of ['../secret', 'secret', '', '2026-01-01T00-00-00']) {
      expect(() => findKept(folder, id), id).toThrow(
        expect.objectContaining({ code: 'UNREADABLE_FILE', hint: expect.stringContaining('timesink list') }),
      );
    }
  });

  test('where there is none, that is said', () => {
    for (const place of [folder, undefined]) {
      expect(() => findKept(place, undefined)).toThrow('no runs are kept yet');
      expect(() => findKept(place, 'x')).toThrow('no runs are kept yet');
    }
  });

  test('a folder that cannot be read is told', () => {
    expect(() => keptSessions('no folder has such a name: \0')).toThrow(
      expect.objectContaining({ code: 'UNREADABLE_FILE', message: expect.stringContaining('cannot read the folder') }),
    );
  });
});

test.each<[NodeJS.Platform, Record<string, string>, string]>([
  ['linux', { HOME: '/h' }, '/h/.local/share/timesink/sessions'],
  ['linux', { HOME: '/h', XDG_DATA_HOME: '/d' }, '/d/timesink/sessions'],
  ['linux', { HOME: '/h', XDG_DATA_HOME: '' }, '/h/.local/share/timesink/sessions'],
  ['linux', { HOME: '/h', XDG_DATA_HOME: 'relative' }, '/h/.local/share/timesink/sessions'],
  ['linux', {}, `${homedir()}/.local/share/timesink/sessions`],
  ['darwin', { HOME: '/h', XDG_DATA_HOME: '/d' }, '/h/Library/Application Support/timesink/sessions'],
  ['win32', { LOCALAPPDATA: '/l' }, '/l/timesink/sessions'],
])('on %s with %j they are in %s', (platform, environment, expected) => {
  expect(keptFolder(environment, platform)).toBe(expected);
});
