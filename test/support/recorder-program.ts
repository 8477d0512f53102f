/** Runs Python programs that speak with the built recorder. */
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Python } from './pythons.ts';
import { programText } from './record.ts';

const recorderFile = fileURLToPath(new URL('../../dist/timesink-recorder.js', import.meta.url));

/** Milliseconds until a program is killed. */
const timeout = 60_000;

/** A program that runs. */
export interface RecorderProgram {
  readonly child: ChildProcess;
  /** All that it wrote to stdout, once it has ended. */
  readonly output: Promise<string>;
}

/** Starts `main` as `main.py`, with the client as the package `package` beside it; calls `use`, and cleans up. */
export async function withProgram<Result>(
  python: Python,
  main: string,
  use: (program: RecorderProgram) => Promise<Result>,
): Promise<Result> {
  if (!existsSync(recorderFile)) throw new Error(`${recorderFile} does not exist: run npm run build first`);
  const folder = await mkdtemp(join(tmpdir(), 'timesink-test-'));
  try {
    await mkdir(join(folder, 'package'));
    await writeFile(join(folder, 'package/__init__.py'), '');
    await writeFile(join(folder, 'package/pipe.py'), programText('recorder-pipe.py'));
    await writeFile(join(folder, 'package/wrapper.py'), programText('recorder-wrapper.py'));
    await writeFile(join(folder, 'main.py'), main);
    const env = { ...process.env, NODE: process.execPath, RECORDER: recorderFile, PYTHONDONTWRITEBYTECODE: '1' };
    const child = spawn(python.path, ['main.py'], { cwd: folder, env, timeout, stdio: ['pipe', 'pipe', 'pipe'] });
    return await use({ child, output: outputOf(child) });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Runs a program to its end. @returns what it wrote to stdout, which is JSON */
export function answersOf(python: Python, main: string): Promise<unknown> {
  return withProgram(python, main, async ({ output }) => JSON.parse(await output) as unknown);
}

function outputOf(child: ChildProcess): Promise<string> {
  const chunks: Buffer[] = [];
  const errors: Buffer[] = [];
  child.stdout?.on('data', (chunk: Buffer) => chunks.push(chunk));
  child.stderr?.on('data', (chunk: Buffer) => errors.push(chunk));
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => {
      if (code === 0 || code === null) resolve(Buffer.concat(chunks).toString());
      else reject(new Error(`the program ended with ${code}: ${Buffer.concat(errors).toString()}`));
    });
  });
}
