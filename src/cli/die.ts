/** How does this process end in the same way as the program did? */
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { constants } from 'node:os';

/** Signals whose default is to write a core file (signal(7)). */
const dumping: ReadonlySet<string> = new Set([
  'SIGQUIT',
  'SIGILL',
  'SIGTRAP',
  'SIGABRT',
  'SIGBUS',
  'SIGFPE',
  'SIGSEGV',
  'SIGXCPU',
  'SIGXFSZ',
  'SIGSYS',
]);

/** Ends this process by `signal`, so that whoever started us sees what a plain run would have shown. */
export function dieBySignal(signal: NodeJS.Signals): never {
  if (dumping.has(signal)) forbidCoreFile();
  try {
    // Node.js ignores some signals from its start; adding and removing a listener sets the default again.
    process.on(signal, () => {});
  } catch {
    // SIGKILL and SIGSTOP take no listener.
  }
  process.removeAllListeners(signal);
  process.kill(process.pid, signal);
  // Still here: the first process of a container is immune to signals that it does not handle.
  process.exit(128 + (constants.signals[signal] ?? 0));
}

/** The program's own core file, if any, is the interesting one; ours would be large and beside the point. */
function forbidCoreFile(): void {
  if (/^Max core file size\s+0\s/m.test(readText('/proc/self/limits'))) return;
  // One byte rather than none: only that also keeps a core_pattern that is a pipe from running (core(5)).
  if (spawnSync('prlimit', ['--pid', String(process.pid), '--core=1:'], { stdio: 'ignore' }).status === 0) return;
  try {
    writeFileSync('/proc/self/coredump_filter', '0');
  } catch {
    // Then there is a core file.
  }
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
