/** How do the Node.js processes of a program come to record themselves, and what did they record? */
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { TimesinkError } from '../../util/errors.ts';
import type { Environment } from '../launch/interpreter.ts';
import type { RecorderOptions, Recording } from '../recorder.ts';
import { type NodeRecording, recordingVariable } from './left-files.ts';
import { withPreload } from './node-options.ts';

/** A folder in which Node.js processes leave their recordings. */
export interface NodeCapture {
  /** The environment in which programs are started so that they do. */
  readonly environment: Environment;
  /** What was recorded from outside, together with what they left. The folder is gone then. */
  finish(outside: Recording): Promise<Recording>;
  /** Removes the folder without looking. */
  discard(): void;
}

/** The module that each process loads; the build puts it beside this one. */
const preloadFile = fileURLToPath(new URL('./node-preload.cjs', import.meta.url));

/**
 * Undefined where the module is missing, which no Node.js would start without.
 * @throws TimesinkError `UNWRITABLE_OUTPUT` where there is no room for temporary files
 */
export function startNodeCapture(options: RecorderOptions, environment: Environment): NodeCapture | undefined {
  if (!existsSync(preloadFile)) return undefined;
  const folder = makeFolder();
  const interval = Math.round(options.interval * 1e6);
  const { followAwaits: awaits, followCallbacks: callbacks = false } = options;
  const recording: NodeRecording = { folder, owner: process.pid, interval, awaits, callbacks };
  const discard = (): void => rmSync(folder, { recursive: true, force: true });
  return {
    environment: {
      ...environment,
      NODE_OPTIONS: withPreload(environment['NODE_OPTIONS'], preloadFile),
      [recordingVariable]: JSON.stringify(recording),
    },
    finish: async (outside) => {
      try {
        if (readdirSync(folder).length === 0) return { ...outside, failures: outside.failures.map(sayAllRuntimes) };
        const { withNode } = await import('./both-recordings.ts');
        return withNode(outside, folder, options);
      } finally {
        discard();
      }
    },
    discard,
  };
}

/** The recorder from outside speaks of Python only. */
function sayAllRuntimes(failure: TimesinkError): TimesinkError {
  if (failure.code !== 'NOT_PYTHON') return failure;
  return new TimesinkError('NOT_PYTHON', failure.message.replace('no Python process', 'no Python or Node.js process'), {
    hint: hintFor(/\b(?:bun|deno)\b/.exec(failure.message)?.[0]),
  });
}

function hintFor(runtime: string | undefined): string {
  switch (runtime) {
    case 'bun':
      return 'Bun cannot be recorded yet, but records itself: bun --cpu-prof x.ts, then timesink view CPU.….cpuprofile';
    case 'deno':
      return 'Deno cannot be recorded yet, but records itself: deno run --cpu-prof x.ts, then timesink view CPU.….cpuprofile';
    default:
      return 'timesink records CPython 3.8 and Node.js 20, and newer; Node.js only where it finds the NODE_OPTIONS that timesink sets.';
  }
}

function makeFolder(): string {
  try {
    return mkdtempSync(join(tmpdir(), 'timesink-node-'));
  } catch (cause) {
    const problem = `cannot make a temporary folder for the recording: ${(cause as Error).message}`;
    throw new TimesinkError('UNWRITABLE_OUTPUT', problem, { hint: 'Set TMPDIR to a folder with room.', cause });
  }
}
