/**
 * What runs in each thread of a recorded Node.js process before the program? Loaded by `--require`; whatever goes wrong here,
 * the program does not notice.
 */
import { isMainThread } from 'node:worker_threads';
import { type NodeRecording, recordingVariable } from '../left-files.ts';
import { startAwaitWatch } from './awaits.ts';
import { watchBlockedLoop } from './blocked-loop.ts';
import { askChildrenToEnd, endWhenParentAsks } from './child-ends.ts';
import { type Inspector, startProfiler } from './profiler.ts';
import { threadFacts } from './thread-facts.ts';
import { recordThread } from './thread-recording.ts';
import { askWorkersToEnd } from './worker-ends.ts';

/** Marks a thread in which this module has started: it may be preloaded by several recordings, one inside another. */
const started: unique symbol = Symbol.for('timesink.preload');

/** Deno loads this module, too, but has no sampler that could be asked in the same way. */
const isImitation = process.versions['deno'] !== undefined || process.versions['bun'] !== undefined;

function start(): void {
  const recording = recordingFrom(process.env[recordingVariable]);
  const marked = globalThis as { [started]?: boolean };
  if (recording === undefined || marked[started] || isImitation) return;
  marked[started] = true;
  const thread = recordThread(recording, threadFacts(__filename), {
    // Not every Node.js is built with it.
    startProfiler: () => startProfiler(require('node:inspector') as Inspector, recording.interval),
    watchAwaits: () => (recording.awaits ? attempt(() => startAwaitWatch(recording.callbacks)) : undefined),
    watchBlockedLoop: (leave) => (isProgram(recording) ? attempt(() => watchBlockedLoop(leave)) : undefined),
  });
  const end = (): void => {
    try {
      thread.end();
    } catch {
      // What was left before stays.
    }
  };
  if (isMainThread) attempt(() => endWhenParentAsks(recording.folder, end));
  attempt(() => askChildrenToEnd(recording.folder));
  const endWorkers = attempt(() => askWorkersToEnd(end));
  process.on('exit', () => {
    endWorkers?.();
    end();
  });
}

function recordingFrom(text: string | undefined): NodeRecording | undefined {
  return text === undefined || text === '' ? undefined : (JSON.parse(text) as NodeRecording);
}

/** Whether this is the program itself, rather than a process or thread that it started. */
function isProgram({ owner }: NodeRecording): boolean {
  return isMainThread && process.ppid === owner;
}

function attempt<T>(work: () => T): T | undefined {
  try {
    return work();
  } catch {
    return undefined;
  }
}

try {
  start();
} catch {
  // Nothing of this process is recorded; the report says so.
}
