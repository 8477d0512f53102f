/** How is a running Python process recorded, with those that it has started? */
import { readdirSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import type { Pid } from '../../session/ids.ts';
import type { Attachment } from '../attachment.ts';
import type { RecorderOptions, StartRecorder } from '../recorder.ts';
import { processStatus } from '../system/process-facts.ts';

/** How often in ms it is looked whether the process has ended. */
const endLook = 50;

/** Begins to record a process and all that came of it; none of them notices. */
export async function attachToPython(
  pid: Pid,
  options: RecorderOptions,
  startRecorder: StartRecorder,
): Promise<Attachment> {
  const recorder = await startRecorder(options);
  const end = new AbortController();
  for (const member of [pid, ...descendantsOf(pid)]) await recorder.follow(member, true);
  return {
    ended: hasEnded(pid, end.signal),
    stop: () => {
      end.abort();
      return recorder.stop();
    },
  };
}

/** The processes that a process has started, and those that these have, parents first. */
export function descendantsOf(pid: Pid): readonly Pid[] {
  const children = new Map<Pid, Pid[]>();
  for (const name of readdirSync('/proc')) {
    const child = Number(name) as Pid;
    const parent = Number.isInteger(child) ? processStatus(child)?.parent : undefined;
    if (parent !== undefined) children.set(parent, [...(children.get(parent) ?? []), child]);
  }
  const found = [pid];
  // Grows while it is gone through.
  for (const member of found) found.push(...(children.get(member) ?? []));
  return found.slice(1);
}

async function hasEnded(pid: Pid, signal: AbortSignal): Promise<void> {
  while (!signal.aborted && processStatus(pid)?.hasEnded === false) {
    await pause(endLook, undefined, { signal }).catch(() => undefined);
  }
}
