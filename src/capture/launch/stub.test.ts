import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Writable } from 'node:stream';
import { expect, test } from 'vitest';
import { originalBytes } from './exact-bytes.ts';
import { stubFor } from './stub.ts';

const bytes = originalBytes(() => Buffer.alloc(0));

async function runStub(
  shell: string,
  argv: readonly string[],
  environment: Readonly<Record<string, string>>,
  original = bytes,
  openFiles?: number,
): Promise<Buffer> {
  const stub = stubFor(argv, environment, 4, original, openFiles);
  const child = spawn(shell, stub.args, {
    env: stub.environment as NodeJS.ProcessEnv,
    stdio: ['ignore', 'pipe', 'inherit', 'ignore', 'pipe'],
  });
  (child.stdio[4] as Writable).end('\n');
  const chunks: Buffer[] = [];
  for await (const chunk of child.stdout as AsyncIterable<Buffer>) chunks.push(chunk);
  return Buffer.concat(chunks);
}

const entries = (block: Buffer): string[] => block.toString().split('\0').filter(Boolean).sort();

const shells = ['/bin/dash', '/bin/bash', '/bin/sh'].filter((shell) => existsSync(shell));

test.each(shells)('through %s a command finds the environment as it was', async (shell) => {
  const environment = {
    PATH: '/usr/bin:/bin',
    EMPTY: '',
    SPACES: ' a  b ',
    LINES_OF_TEXT: 'a\nb\n',
    QUOTES: `'"$(false)\\`,
    ÜNICODE: 'ä',
    'a.b-c': 'not a name for a shell',
    'BASH_FUNC_f%%': '() { :\n}',
    PWD: '/somewhere/else',
    SHLVL: '7',
    _: '/usr/bin/before',
    IFS: 'x',
    PPID: '1',
    UID: '12345',
    OPTIND: '5',
    REPLY: 'mine',
    SECONDS: '9',
    SHELLOPTS: 'xtrace',
    LC_ALL: 'xx_XX.nowhere',
    ENV: '/nonexistent',
    BASH_ENV: '/nonexistent',
    POSIXLY_CORRECT: '1',
  };
  const found = entries(await runStub(shell, ['cat', '/proc/self/environ'], environment));
  expect(found).toEqual(
    Object.entries(environment)
      .map(([name, value]) => `${name}=${value}`)
      .sort(),
  );
});

test.each(shells)('through %s nothing is added to an empty environment', async (shell) => {
  expect(entries(await runStub(shell, ['/bin/cat', '/proc/self/environ'], {}))).toEqual([]);
});

test.each(shells)('through %s arguments arrive as they are', async (shell) => {
  const argv = [
    '/usr/bin/printf',
    '%s\\0',
    '',
    ' ',
    '-n',
    '*',
    '$x',
    '`x`',
    "'",
    '"',
    '\\',
    'a\nb\n',
    'ä',
    '--',
    'x=y',
  ];
  const found = await runStub(shell, argv, {});
  expect(found.toString().split('\0')).toEqual([...argv.slice(2), '']);
});

test.each(shells)('through %s bytes that are no UTF-8 arrive as they are', async (shell) => {
  const raw = Buffer.concat([Buffer.from("a'b\n"), Buffer.from([0xe9, 0x80, 0xff, 0x81]), Buffer.from('$x\n')]);
  const variable = Buffer.concat([Buffer.from('V='), raw]);
  const original = originalBytes((name) => Buffer.concat([name === 'cmdline' ? raw : variable, Buffer.from([0])]));
  const argument = await runStub(shell, ['/usr/bin/printf', '%s', raw.toString()], {}, original);
  expect(argument).toEqual(raw);
  const environ = await runStub(shell, ['/bin/cat', '/proc/self/environ'], { V: raw.toString() }, original);
  expect(environ).toEqual(Buffer.concat([variable, Buffer.from([0])]));
});

test('a path with an equals sign is a command, not an assignment', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'timesink=test-'));
  try {
    symlinkSync('/bin/echo', join(folder, 'a=b'));
    const found = await runStub('/bin/sh', [join(folder, 'a=b'), 'ran'], { PATH: '/usr/bin:/bin' });
    expect(found.toString()).toBe('ran\n');
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('values of ordinary variables stay out of argument lists', () => {
  const stub = stubFor(['x'], { SECRET: 'hunter2', TOKEN: 'ä' }, 3, bytes, undefined);
  expect(stub.args.join(' ')).not.toContain('hunter2');
  expect(stub.environment).toEqual({ SECRET: 'hunter2', TOKEN: 'ä' });
});

test('without a line on its descriptor the shell goes away', async () => {
  const stub = stubFor(['/bin/echo', 'ran'], {}, 3, bytes, undefined);
  const child = spawn(stub.file, stub.args, { env: {}, stdio: ['ignore', 'pipe', 'inherit', 'pipe'] });
  (child.stdio[3] as Writable).end();
  const chunks: Buffer[] = [];
  for await (const chunk of child.stdout as AsyncIterable<Buffer>) chunks.push(chunk);
  expect(Buffer.concat(chunks).toString()).toBe('');
});

test.each(shells)('through %s a command finds the limit of open files that is asked for', async (shell) => {
  const environment = { PATH: '/usr/bin:/bin' };
  const found = await runStub(shell, ['sh', '-c', 'ulimit -S -n'], environment, bytes, 77);
  expect(found.toString()).toBe('77\n');
});
