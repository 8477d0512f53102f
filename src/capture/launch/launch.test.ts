import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { type HeldProgram, startHeld, startPlain } from './launch.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'timesink-test-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const start = (...argv: string[]): Promise<HeldProgram> =>
  startHeld({ argv, environment: process.env, descriptors: [] });

test('nothing of the program runs before its release', async () => {
  const mark = join(folder, 'mark');
  writeFileSync(mark, 'before');
  const held = await start('sh', '-c', 'echo after > "$1"; exit 3', 'sh', mark);
  expect(readFileSync(`/proc/${held.pid}/cmdline`, 'utf8')).toContain('timesink-start');
  expect(readFileSync(mark, 'utf8')).toBe('before');
  held.release();
  expect(await held.ended).toEqual({ kind: 'exited', code: 3 });
  expect(readFileSync(mark, 'utf8')).toBe('after\n');
});

test('the program keeps the process id it was held under, and its group', async () => {
  const file = join(folder, 'ids');
  const held = await start('sh', '-c', 'cut -d " " -f 5 /proc/$$/stat > "$1"; echo $$ >> "$1"', 'sh', file);
  held.release();
  await held.ended;
  const group = readFileSync('/proc/self/stat', 'utf8')
    .replace(/^.*\) /, '')
    .split(' ')[2];
  expect(readFileSync(file, 'utf8')).toBe(`${group}\n${held.pid}\n`);
});

test('a signal ends it, held or running', async () => {
  const held = await start('sleep', '60');
  held.kill('SIGTERM');
  expect(await held.ended).toEqual({ kind: 'killed', signal: 'SIGTERM' });
  held.release();
  held.kill('SIGTERM');

  const running = await start('sleep', '60');
  running.release();
  running.kill('SIGKILL');
  expect(await running.ended).toEqual({ kind: 'killed', signal: 'SIGKILL' });
});

test('what the program leaves behind is not waited for', async () => {
  const file = join(folder, 'pid');
  const held = await start('sh', '-c', 'sleep 60 & echo $! > "$1"', 'sh', file);
  held.release();
  expect(await held.ended).toEqual({ kind: 'exited', code: 0 });
  process.kill(Number(readFileSync(file, 'utf8')), 'SIGKILL');
});

test('a command line that the system refuses is an error', async () => {
  await expect(start('true', 'x'.repeat(1 << 18))).rejects.toMatchObject({ code: 'INTERNAL' });
});

test('a held program goes away with the process that holds it', async () => {
  const mark = join(folder, 'mark');
  const script = `
    import { startHeld } from ${JSON.stringify(fileURLToPath(new URL('launch.ts', import.meta.url)))};
    const held = await startHeld({ argv: ['touch', ${JSON.stringify(mark)}], environment: process.env, descriptors: [] });
    console.log(held.pid);
  `;
  const tsx = fileURLToPath(import.meta.resolve('tsx'));
  const holder = spawn(process.execPath, ['--import', tsx, '--input-type=module', '-e', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const pid = await new Promise<number>((resolve) => holder.stdout.once('data', (text) => resolve(Number(text))));
  expect(existsSync(`/proc/${pid}`)).toBe(true);
  holder.kill('SIGKILL');
  await vi.waitFor(() => expect(isAlive(pid)).toBe(false), { timeout: 20_000 });
  expect(existsSync(mark)).toBe(false);
});

/** A process that has ended may stay listed until somebody asks for its exit code. */
function isAlive(pid: number): boolean {
  try {
    return !/^State:\s*[ZX]/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
}

test('where nothing has to wait, the program is started without a shell before it', async () => {
  const file = join(folder, 'ids');
  const options = { environment: { ...process.env, WORD: 'x' }, descriptors: [] };
  const started = await startPlain({ ...options, argv: ['sh', '-c', 'echo $$ $WORD > "$1"; exit 3', 'sh', file] });
  started.release();
  expect(await started.ended).toEqual({ kind: 'exited', code: 3 });
  expect(readFileSync(file, 'utf8')).toBe(`${started.pid} x\n`);

  const killed = await startPlain({ ...options, argv: ['sleep', '60'] });
  killed.kill('SIGTERM');
  expect(await killed.ended).toEqual({ kind: 'killed', signal: 'SIGTERM' });
  await expect(startPlain({ ...options, argv: [join(folder, 'nothing')] })).rejects.toMatchObject({ code: 'INTERNAL' });
});
