import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { browserCommand, browserOutput, hasBrowser } from './open-page.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'timesink-test-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

function program(name: string, text = ''): string {
  const path = join(folder, name);
  writeFileSync(path, `#!/bin/sh\n${text}\n`);
  chmodSync(path, 0o755);
  return path;
}

describe('the command', () => {
  const address = 'file:///tmp/a%20b.html';
  const command = (environment: Record<string, string>, platform: NodeJS.Platform = 'linux'): string | undefined =>
    browserCommand(address, { PATH: folder, ...environment }, platform)?.join(' ');

  test('$BROWSER names it, the first that exists', () => {
    program('firefox');
    program('lynx');
    expect(command({ BROWSER: 'nosuch:firefox --new-window:lynx' })).toBe(`firefox --new-window ${address}`);
    expect(command({ BROWSER: 'lynx %s -q' })).toBe(`lynx ${address} -q`);
  });

  test('the system’s own opener, where there is a screen', () => {
    expect(command({ DISPLAY: ':0' })).toBeUndefined();
    program('xdg-open');
    expect(command({ DISPLAY: ':0' })).toBe(`xdg-open ${address}`);
    expect(command({ WAYLAND_DISPLAY: 'wayland-0' })).toBe(`xdg-open ${address}`);
    expect(command({ DISPLAY: '' })).toBeUndefined();
    expect(command({}, 'darwin')).toBe(`open ${address}`);
    expect(command({}, 'win32')).toBe(`rundll32 url.dll,FileProtocolHandler ${address}`);
  });

  test('other openers where xdg-open is not installed', () => {
    program('x-www-browser');
    expect(command({ DISPLAY: ':0' })).toBe(`x-www-browser ${address}`);
    program('gio');
    expect(command({ DISPLAY: ':0' })).toBe(`gio open ${address}`);
    program('xdg-open');
    expect(command({ DISPLAY: ':0' })).toBe(`xdg-open ${address}`);
  });
});

describe('whether there is a browser', () => {
  const isThere = (environment: Record<string, string>, platform: NodeJS.Platform = 'linux'): boolean =>
    hasBrowser({ PATH: folder, ...environment }, platform);

  test('on a screen, unless it may be the one of another machine', () => {
    program('xdg-open');
    expect(isThere({})).toBe(false);
    expect(isThere({}, 'darwin')).toBe(true);
    expect(isThere({ DISPLAY: ':0', SSH_CONNECTION: '' })).toBe(true);
    expect(isThere({ DISPLAY: 'localhost:10.0', SSH_CONNECTION: '10.0.0.1 5 10.0.0.2 22' })).toBe(false);
    expect(isThere({ SSH_TTY: '/dev/pts/0' }, 'darwin')).toBe(false);
  });

  test('the one of $BROWSER, wherever the terminal is', () => {
    expect(isThere({ BROWSER: 'firefox', SSH_TTY: '/dev/pts/0' })).toBe(false);
    program('firefox');
    expect(isThere({ BROWSER: 'firefox', SSH_TTY: '/dev/pts/0' })).toBe(true);
  });
});

describe('a page for a terminal', () => {
  const written: string[] = [];
  const terminal = {
    kind: 'terminal',
    name: 'standard output',
    write: (data: string | Uint8Array) => void written.push(String(data)),
  } as const;
  const pathIn = (text: string | undefined): string => /in (\S+?\.html)/.exec(text ?? '')?.[1] ?? '';
  beforeEach(() => void written.splice(0));
  afterEach(() => rmSync(pathIn(written[0]), { force: true }));

  test('is saved, opened, and named there', async () => {
    const seen = join(folder, 'seen');
    const browser = program('browser', `echo "$1" > ${seen}.new; mv ${seen}.new ${seen}`);
    browserOutput(terminal, { BROWSER: browser, PATH: process.env['PATH'] }).write('<p>page</p>');
    expect(written).toEqual([expect.stringMatching(/^The page is in \S+\.html, and is being opened\.\n$/)]);
    await vi.waitFor(() => expect(existsSync(seen)).toBe(true), { timeout: 10_000 });
    const opened = fileURLToPath(readFileSync(seen, 'utf8').trim());
    expect(opened).toBe(pathIn(written[0]));
    expect(readFileSync(opened, 'utf8')).toBe('<p>page</p>');
  });

  test('without any browser it is named only', () => {
    browserOutput(terminal, { PATH: folder }).write('<p>page</p>');
    expect(written).toEqual([expect.stringMatching(/^The page is in \S+\.html\.\n$/)]);
    expect(existsSync(pathIn(written[0]))).toBe(true);
  });
});
