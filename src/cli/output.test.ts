import { execFileSync, spawn } from 'node:child_process';
import {
  chmodSync,
  closeSync,
  constants,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { fileOutput, keepInTemporaryFolder, streamOutput } from './output.ts';

let folder = '';
const inFolder = (name: string): string => join(folder, name);
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'timesink-test-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

test('a new file appears when it is written, and not before', () => {
  const output = fileOutput(inFolder('report.txt'));
  expect(output.kind).toBe('file');
  expect(readdirSync(folder)).toEqual([]);
  output.write('größer');
  expect(readdirSync(folder)).toEqual(['report.txt']);
  expect(readFileSync(inFolder('report.txt'), 'utf8')).toBe('größer');
});

test('an existing file stays until it is replaced, and keeps its mode', () => {
  writeFileSync(inFolder('report'), 'old');
  chmodSync(inFolder('report'), 0o640);
  const output = fileOutput(inFolder('report'));
  expect(readFileSync(inFolder('report'), 'utf8')).toBe('old');
  output.write(Buffer.from('new'));
  expect(readFileSync(inFolder('report'), 'utf8')).toBe('new');
  expect(statSync(inFolder('report')).mode & 0o777).toBe(0o640);
});

test('a symbolic link stays one', () => {
  mkdirSync(inFolder('elsewhere'));
  writeFileSync(inFolder('elsewhere/real'), 'old');
  symlinkSync('elsewhere/real', inFolder('link'));
  fileOutput(inFolder('link')).write('new');
  expect(readFileSync(inFolder('elsewhere/real'), 'utf8')).toBe('new');
  expect(readdirSync(folder).sort()).toEqual(['elsewhere', 'link']);
  expect(readdirSync(inFolder('elsewhere'))).toEqual(['real']);
});

const unwritable = (message: string) =>
  expect.objectContaining({ code: 'UNWRITABLE_OUTPUT', message: expect.stringContaining(message) });

test('what cannot be written is told at once', () => {
  writeFileSync(inFolder('file'), 'x');
  expect(() => fileOutput(folder)).toThrow(unwritable('it is a directory'));
  expect(() => fileOutput(inFolder('nosuch/report'))).toThrow(unwritable('no such file or directory'));
  expect(() => fileOutput(inFolder('file/report'))).toThrow(unwritable('not a directory'));
  expect(() => fileOutput('/proc/report')).toThrow(unwritable('cannot write /proc/report'));
});

test('a failed write leaves the old file and nothing else', () => {
  writeFileSync(inFolder('report'), 'old');
  const output = fileOutput(inFolder('report'));
  // What is a folder by now cannot be replaced by a file.
  rmSync(inFolder('report'));
  mkdirSync(inFolder('report'));
  writeFileSync(inFolder('report/inside'), 'old');
  expect(() => output.write('new')).toThrow();
  expect(readdirSync(folder)).toEqual(['report']);
});

test('devices and pipes are written to as they are', async () => {
  const full = fileOutput('/dev/full');
  expect(full.kind).toBe('stream');
  expect(() => full.write('x')).toThrow(expect.objectContaining({ code: 'ENOSPC' }));
  fileOutput('/dev/null').write('x');
});

test('names of descriptors mean the descriptors', () => {
  expect(fileOutput('-').name).toBe('standard output');
  expect(fileOutput('/dev/stdout').name).toBe('standard output');
  expect(fileOutput('/dev/stderr').name).toBe('standard error');
  const descriptor = openSync(inFolder('file'), 'a');
  fileOutput(`/dev/fd/${descriptor}`).write('a');
  streamOutput(descriptor).write('b');
  closeSync(descriptor);
  expect(readFileSync(inFolder('file'), 'utf8')).toBe('ab');
});

test('what is kept is whole, private, and where it says', () => {
  const path = keepInTemporaryFolder('text', '.json');
  try {
    expect(path).toMatch(/\.json$/);
    expect(readFileSync(path, 'utf8')).toBe('text');
    expect(statSync(path).mode & 0o777).toBe(0o600);
  } finally {
    rmSync(path);
  }
});

test('a full pipe that does not block is waited for', async () => {
  const pipe = inFolder('pipe');
  execFileSync('mkfifo', [pipe]);
  const descriptor = openSync(pipe, constants.O_RDWR | constants.O_NONBLOCK);
  // Begins to read only after the pipe (64 KiB) is full.
  const reader = spawn('sh', ['-c', 'sleep 0.2; head -c 300000 "$1" | wc -c', 'sh', pipe]);
  streamOutput(descriptor).write('x'.repeat(300_000));
  const counted = await new Promise<string>((resolve) => reader.stdout.once('data', (data) => resolve(String(data))));
  closeSync(descriptor);
  expect(counted.trim()).toBe('300000');
});
