/** What kind of process is this one, and can it be recorded while it runs? */
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import type { Pid } from '../session/ids.ts';
import { TimesinkError } from '../util/errors.ts';
import { explainDenial } from './memory/denied.ts';
import { descendantsOf } from './python/attachment.ts';
import { findRuntime } from './python/runtime/find-runtime.ts';
import { programOf } from './system/process-facts.ts';

/** Programs that are Node.js. */
const nodeNames = /^(?:node|nodejs)(?:[-.]?[\d.]+)?(?: \(deleted\))?$/;

/**
 * Which runtime a process is to be recorded as: `python` also where only those that it has started are Python.
 * @throws TimesinkError `PROCESS_NOT_FOUND`, `PERMISSION_DENIED`, `UNSUPPORTED_RUNTIME`, `NOT_PYTHON`
 */
export function runtimeOf(pid: Pid): 'python' | 'node' {
  checkProcess(pid);
  const program = programOf(pid);
  if (program === undefined) throw notFound(pid);
  if (nodeNames.test(basename(program))) return 'node';
  const search = findRuntime(pid);
  switch (search.kind) {
    case 'found':
    case 'not-yet':
      return 'python';
    case 'gone':
      throw notFound(pid);
    case 'denied':
      throw new TimesinkError('PERMISSION_DENIED', `cannot attach to process ${pid}: ${search.why}`, {
        hint: search.hint,
      });
    case 'unsupported':
      throw new TimesinkError('UNSUPPORTED_RUNTIME', `cannot attach to process ${pid}: it is ${search.what}`, {
        hint: 'timesink reads CPython 3.8 and newer.',
      });
    case 'not-python':
      if (program === '?') throw denied(pid);
      if (descendantsOf(pid).some((child) => findRuntime(child).kind === 'found')) return 'python';
      throw new TimesinkError('NOT_PYTHON', `process ${pid} is neither Python nor Node.js: it is ${search.what}`, {
        hint: 'Give the id of a process that runs a Python or Node.js program; ps -ef shows them.',
      });
  }
}

function checkProcess(pid: Pid): void {
  const status = statusOf(pid);
  if (status === undefined) throw notFound(pid);
  const process = /^Tgid:\s*(\d+)/m.exec(status)?.[1];
  if (process !== undefined && Number(process) !== pid) {
    throw new TimesinkError('PROCESS_NOT_FOUND', `${pid} is a thread of process ${process}, not a process`, {
      hint: `Attach to the process: timesink attach ${process}`,
    });
  }
  if (/^State:\s*[ZX]/m.test(status)) {
    throw new TimesinkError('PROCESS_NOT_FOUND', `process ${pid} has ended already; its parent has not noticed yet`);
  }
}

function statusOf(pid: Pid): string | undefined {
  try {
    return readFileSync(`/proc/${pid}/status`, 'latin1');
  } catch {
    return undefined;
  }
}

function notFound(pid: Pid): TimesinkError {
  return new TimesinkError('PROCESS_NOT_FOUND', `there is no process ${pid}`, {
    hint: 'ps -ef shows those there are; in a container, timesink must run in it, too.',
  });
}

function denied(pid: Pid): TimesinkError {
  const { why, hint } = explainDenial(pid);
  return new TimesinkError('PERMISSION_DENIED', `cannot attach to process ${pid}: ${why}`, { hint });
}
