/** Is the reason for a refusal the right one, with a way out? */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import type { Pid } from '../../session/ids.ts';
import { explainDenial, mayReadChildren } from './denied.ts';

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

/** A directory like `/proc` with this process, a target, and perhaps Yama. */
function procWith(own: Credentials, target: Credentials, yama?: number): string {
  const proc = mkdtempSync(join(tmpdir(), 'timesink-denied-'));
  folders.push(proc);
  for (const [name, { uid, capabilities }] of [
    ['self', own],
    ['7', target],
  ] as const) {
    mkdirSync(join(proc, name));
    const mask = capabilities.toString(16).padStart(16, '0');
    writeFileSync(join(proc, name, 'status'), `Name:\tx\nUid:\t${uid}\t${uid}\t${uid}\t${uid}\nCapEff:\t${mask}\n`);
  }
  if (yama !== undefined) {
    mkdirSync(join(proc, 'sys/kernel/yama'), { recursive: true });
    writeFileSync(join(proc, 'sys/kernel/yama/ptrace_scope'), `${yama}\n`);
  }
  return proc;
}

interface Credentials {
  readonly uid: number;
  readonly capabilities: number;
}

const user = { uid: 1000, capabilities: 0 };
const sysPtrace = 2 ** 19;
const explain = (own: Credentials, target: Credentials, yama?: number): string => {
  const { why, hint } = explainDenial(7 as Pid, procWith(own, target, yama));
  return `${why}. ${hint}`;
};

test("another user's process", () => {
  expect(explain(user, { uid: 33, capabilities: 0 }, 1)).toBe(
    'process 7 belongs to another user (uid 33). Run timesink as that user, or as root.',
  );
});

test('Yama, by its setting', () => {
  expect(explain(user, user, 1)).toMatch(
    /^process 7 is not a child of timesink, and kernel\.yama\.ptrace_scope is 1\. /,
  );
  expect(explain(user, user, 2)).toMatch(/^only root .*ptrace_scope is 2\. .*ptrace_scope=1`\.$/);
  expect(explain(user, user, 3)).toMatch(/^nobody .*ptrace_scope is 3\. /);
});

test('a process that is not dumpable', () => {
  expect(explain(user, user)).toMatch(/^process 7 is not dumpable/);
  expect(explain(user, user, 0)).toMatch(/^process 7 is not dumpable/);
  expect(explain({ ...user, capabilities: sysPtrace }, user, 1)).toMatch(/^process 7 is not dumpable/);
});

test('root in a container', () => {
  expect(explain({ uid: 0, capabilities: 0 }, user)).toMatch(/CAP_SYS_PTRACE.*--cap-add SYS_PTRACE/);
});

test('a target that has ended meanwhile', () => {
  expect(explainDenial(8 as Pid, procWith(user, user)).why).toContain('process 8');
});

test('what we start ourselves may be read unless Yama forbids it to all', () => {
  const may = (own: Credentials, yama?: number): boolean => mayReadChildren(procWith(own, user, yama));
  const privileged = { uid: 0, capabilities: sysPtrace };
  expect([may(user), may(user, 0), may(user, 1), may(user, 2), may(user, 3)]).toEqual([true, true, true, false, false]);
  expect([may(privileged, 2), may(privileged, 3)]).toEqual([true, false]);
});
