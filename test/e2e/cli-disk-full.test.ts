/** What becomes of a report, and of what was there before, when the disk is too full for it? In every format. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { renderers } from '../../src/render/registry.ts';
import { SessionBuilder } from '../../src/session/builder.ts';
import { encodeSession } from '../../src/session/file.ts';
import { randomNumbers } from '../support/mutations.ts';
import { frameInfo, recordedSession } from '../support/sessions.ts';

const timesink = fileURLToPath(new URL('../../dist/timesink.js', import.meta.url));

/** Names without a pattern, so that no format, packed or not, makes them small. */
function incompressible(): Uint8Array {
  const random = randomNumbers(7);
  const template = recordedSession();
  const builder = new SessionBuilder();
  for (const process of template.processes) builder.addProcess(process);
  const thread = builder.addThread({ ...template.threads[0]!, isMain: true });
  for (let index = 0; index < 90; index++) {
    const name = Array.from({ length: 100 }, () => Math.floor(random() * 36).toString(36)).join('');
    const frame = builder.frame(frameInfo(name, { firstLine: index + 1 }));
    thread.add(builder.stack([[frame, index + 1]]), 0.01 + random() / 1000, 1);
  }
  return encodeSession(builder.finish(template.meta));
}

const session = incompressible();

let folder = '';
const inFolder = (name: string): string => join(folder, name);
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'timesink-test-'));
  mkdirSync(inFolder('tmp'));
  mkdirSync(inFolder('full'));
  writeFileSync(inFolder('session'), session);
});
afterEach(() => rmSync(folder, { recursive: true }));

interface Ended {
  readonly status: number | null;
  readonly stdout: Buffer;
  readonly stderr: string;
}

/** Runs `script` with the command as its arguments, the temporary folder being `tmp`. */
function shell(script: string, args: readonly string[]): Ended {
  const { status, stdout, stderr } = spawnSync('bash', ['-c', script, 'bash', process.execPath, timesink, ...args], {
    cwd: folder,
    env: { ...process.env, TMPDIR: inFolder('tmp'), LC_ALL: 'C.UTF-8' },
    maxBuffer: 1e9,
  });
  return { status, stdout, stderr: String(stderr) };
}

const formats = renderers.map(({ name, extensions }) => ({ name, ending: extensions[0] ?? '' }));

const reports = new Map<string, Buffer>();

/** What the report is when there is room. */
function whole(format: string): Buffer {
  let report = reports.get(format);
  if (report === undefined) {
    const { status, stdout, stderr } = shell('"$@"', ['--load', 'session', '-r', format, '-o', '-']);
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(stdout.length).toBeGreaterThan(4096);
    report = stdout;
    reports.set(format, report);
  }
  return report;
}

describe('no room in the folder of the report', () => {
  /** A file system of 8 KB at `full`, where the kernel lets us have one. */
  const withSmallDisk =
    'mount -t tmpfs -o size=8k none full && printf old > full/report && "$@"; s=$?; ls -A full; cat full/report; exit $s';
  const inNamespace = ['unshare', '--map-root-user', '--mount'];
  const canMount =
    spawnSync('unshare', ['--map-root-user', '--mount', 'mount', '-t', 'tmpfs', 'none', '/mnt']).status === 0;

  test.skipIf(!canMount).each(formats)(
    '$name: the old file stays, the report is kept elsewhere',
    ({ name, ending }) => {
      const expected = whole(name);
      const args = ['--load', 'session', '-r', name, '-o', 'full/report'];
      const { status, stdout, stderr } = shell(
        `exec ${inNamespace.join(' ')} bash -c '${withSmallDisk}' bash "$@"`,
        args,
      );
      expect(String(stdout)).toBe('report\nold');
      const kept =
        /^timesink: cannot write to full\/report: no space left on the device\n {2}The report is in (.*)\.\n$/.exec(
          stderr,
        )?.[1] ?? stderr;
      expect(kept.endsWith(ending)).toBe(true);
      expect(readFileSync(kept)).toEqual(expected);
      expect(status).toBe(5);
    },
  );
});

test.each(formats)('$name: a device that is full', ({ name }) => {
  const expected = whole(name);
  const { status, stderr } = shell('"$@"', ['--load', 'session', '-r', name, '-o', '/dev/full']);
  expect(stderr).toMatch(/^timesink: cannot write to \/dev\/full: no space left on the device\n/);
  const [kept = ''] = readdirSync(inFolder('tmp'));
  expect(stderr).toContain(`The report is in ${inFolder('tmp')}/${kept}.\n`);
  expect(readFileSync(join(folder, 'tmp', kept))).toEqual(expected);
  expect(status).toBe(5);
});

test.each(formats)('$name: no room anywhere', ({ name }) => {
  writeFileSync(inFolder('report'), 'old');
  // No file may have more than 4 KB: every write ends in the middle.
  const { status, stderr } = shell('ulimit -f 4; "$@"', ['--load', 'session', '-r', name, '-o', 'report']);
  expect(stderr).toBe(
    'timesink: cannot write to report: the file would be too large\n' +
      '  It could not be kept in the temporary folder either: the file would be too large.\n',
  );
  expect(status).toBe(5);
  expect(readFileSync(inFolder('report'), 'utf8')).toBe('old');
  expect(readdirSync(folder).sort()).toEqual(['full', 'report', 'session', 'tmp']);
  expect(readdirSync(inFolder('tmp'))).toEqual([]);
});
