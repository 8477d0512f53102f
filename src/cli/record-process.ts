/** How is a running process recorded for a while, and told about? */
import { writeSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { isatty } from 'node:tty';
import { runtimeOf } from '../capture/attach.ts';
import type { Attachment } from '../capture/attachment.ts';
import type { RecorderOptions } from '../capture/recorder.ts';
import { commandOf } from '../capture/system/process-facts.ts';
import type { Pid } from '../session/ids.ts';
import { TimesinkError } from '../util/errors.ts';
import type { SubcommandContext } from './commands/subcommand.ts';
import { currentFolder } from './current-folder.ts';
import { keepRun } from './keep-run.ts';
import { type GivenOptions, settleOptions } from './options.ts';
import { planReport, writeReport } from './report.ts';
import { readSettings } from './settings.ts';
import { sourceReader } from './source-reader.ts';
import { describeTarget } from './target-description.ts';

/** What ends a recording, and must not end us before the report is out. */
const endingSignals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * Records a process until `duration` is over, a signal comes, or the process ends; then reports.
 * @param duration in seconds
 * @throws TimesinkError
 */
export async function recordProcess(
  id: number,
  duration: number | undefined,
  given: GivenOptions,
  { environment, warn }: SubcommandContext,
): Promise<void> {
  const pid = id as Pid;
  const options = settleOptions(given, await readSettings(currentFolder(), environment));
  if (process.platform !== 'linux') {
    const problem = `recording is not possible on ${process.platform} yet, only on Linux`;
    throw new TimesinkError('UNSUPPORTED_RUNTIME', problem);
  }
  const runtime = runtimeOf(pid);
  const description = describeTarget(options.targetDescription, commandOf(pid).join(' '));
  const plan = await planReport(options, 1, environment);
  const asked = untilAsked();
  const recording = { interval: options.interval, description, followAwaits: options.async !== 'off' };
  const attachment = await attachTo(pid, runtime, recording);
  if (isatty(2)) writeSync(2, `Recording process ${pid}${duration === undefined ? '; Ctrl-C ends it' : ''}\n`);
  await Promise.race([asked, attachment.ended, ...(duration === undefined ? [] : [pause(duration * 1000)])]);
  const { session, failures } = await attachment.stop();
  if (session.threads.every((thread) => thread.stack.length === 0)) {
    throw failures[0] ?? new TimesinkError('PROCESS_NOT_FOUND', `nothing was recorded of process ${pid}`);
  }
  await writeReport(plan, session, sourceReader(currentFolder()), false);
  for (const failure of failures) warn(failure);
  keepRun(plan, session, environment, options.debug ? warn : () => {});
}

async function attachTo(pid: Pid, runtime: 'python' | 'node', options: RecorderOptions): Promise<Attachment> {
  if (runtime === 'node') {
    const { attachToNode } = await import('../capture/node/attach/node-attachment.ts');
    return await attachToNode(pid, options);
  }
  const { attachToPython } = await import('../capture/python/attachment.ts');
  const { openRecorder } = await import('../capture/python/recorder.ts');
  return await attachToPython(pid, options, openRecorder());
}

/** Signals are caught from now on, so that none ends us with the process half attached to. */
function untilAsked(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of endingSignals) process.on(signal, () => resolve());
  });
}
