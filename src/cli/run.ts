/** How is a program recorded from its first instruction to its end, and told how it went? */

import { isatty } from 'node:tty';
import { chooseEngine } from '../capture/launch/engine.ts';
import type { Environment } from '../capture/launch/interpreter.ts';
import { type Ending, type HeldProgram, startHeld, startPlain } from '../capture/launch/launch.ts';
import { commandLine, type Program, programWords } from '../capture/launch/program.ts';
import type { NodeCapture } from '../capture/node/node-capture.ts';
import { isNodeScript } from '../capture/node/node-interpreter.ts';
import type { Recorder, RecorderOptions, Recording, StartRecorder } from '../capture/recorder.ts';
import { TimesinkError } from '../util/errors.ts';
import { currentFolder } from './current-folder.ts';
import { type GivenOptions, settleOptions } from './options.ts';
import type { ReportPlan } from './report.ts';
import { readSettings } from './settings.ts';
import { relaySignals } from './signals.ts';
import { sourceReader } from './source-reader.ts';
import { describeTarget } from './target-description.ts';

/** What a run needs from outside. */
export interface RunContext {
  readonly environment: Environment;
  /** Those that this process inherited and the program is to have, too. */
  readonly descriptors: readonly number[];
  readonly startRecorder: StartRecorder;
  /** Tells the user about a failure that does not end the run. */
  readonly warn: (error: unknown) => void;
}

const timingThreadNote = new TimesinkError('USAGE', '--use-timing-thread has no effect', {
  hint: 'timesink reads the clock outside of the program, where it costs the program nothing.',
});

/**
 * Runs the program, records it, writes the report. Once the program has started, nothing keeps its ending from being
 * returned: later failures are told through `context.warn`.
 * @throws TimesinkError before the program has started
 */
export async function runProgram(program: Program, given: GivenOptions, context: RunContext): Promise<Ending> {
  const { environment, descriptors } = context;
  const options = settleOptions(given, await readSettings(currentFolder(), environment));
  const description = describeTarget(options.targetDescription, programWords(program).join(' '));
  const { interval, async } = options;
  const recording = { interval, description, followAwaits: async !== 'off', followCallbacks: async === 'full' };
  const { preparing, ownEnvironment } = await beginRecorder(program, options.python, recording, context);
  const { plan, argv, writeReport, node } = await orTakeBack(preparing, async () => {
    const reports = await import('./report.ts');
    return {
      plan: await reports.planReport(options, reportStream(program), environment),
      argv: commandLine(program, options, environment),
      writeReport: reports.writeReport,
      node: await captureNode(program, recording, { ...context, environment: ownEnvironment }),
    };
  });
  if (options.useTimingThread) context.warn(timingThreadNote);
  const readSource = sourceReader(currentFolder());

  const relay = relaySignals();
  const start = process.platform === 'linux' ? startHeld : startPlain;
  const starting = start({ argv, environment: node?.environment ?? ownEnvironment, descriptors });
  const { held, recorder } = await prepare(starting, preparing).catch((error: unknown) => {
    node?.discard();
    throw error;
  });
  relay.attach(held);
  const following = recorder.follow(held.pid).then(
    () => undefined,
    (error: unknown) => ({ error }),
  );
  const beforeStart = await Promise.race([held.ended, following.then(() => undefined)]);
  held.release();
  const keeping = import('./keep-run.ts');
  const ending = await held.ended;
  relay.detach();

  const unfollowed = await following;
  if (unfollowed !== undefined) context.warn(unfollowed.error);
  try {
    const outside = await recorder.stop();
    const recorded = node === undefined ? outside : await node.finish(outside);
    // Ended while still held, by a signal: there is nothing to report on.
    if (beforeStart === undefined) {
      const write = (): Promise<void> => writeReport(plan, recorded.session, readSource, false);
      await report(plan, recorded, unfollowed !== undefined, write, context);
      const { keepRun } = await keeping;
      keepRun(plan, recorded.session, environment, options.debug ? context.warn : () => {});
    }
  } catch (error) {
    context.warn(error);
  }
  return ending;
}

/** What may start Node.js is started so that Node.js records itself. */
async function captureNode(
  program: Program,
  recording: RecorderOptions,
  { environment, warn }: RunContext,
): Promise<NodeCapture | undefined> {
  if (!mayStartNode(program)) return undefined;
  const { startNodeCapture } = await import('../capture/node/node-capture.ts');
  try {
    return startNodeCapture(recording, environment);
  } catch (error) {
    if (program.kind === 'script') throw error;
    // What it starts may all be Python.
    warn(error);
    return undefined;
  }
}

/** A Python program finds its environment as it is. */
function mayStartNode(program: Program): boolean {
  if (program.kind === 'script') return isNodeScript(program.path);
  return program.kind === 'command' || program.kind === 'from-path';
}

/** The recorder, and the environment that it wants the program to be started in. */
async function beginRecorder(
  program: Program,
  python: string | undefined,
  recording: RecorderOptions,
  { environment, startRecorder }: RunContext,
): Promise<{ readonly preparing: Promise<Recorder>; readonly ownEnvironment: Environment }> {
  if (chooseEngine(program, python, environment) === 'outside') {
    return { preparing: startRecorder(recording), ownEnvironment: environment };
  }
  const { startSelfSampling } = await import('../recorder/self-sampling.ts');
  const sampling = startSelfSampling(recording, environment);
  return { preparing: Promise.resolve(sampling), ownEnvironment: sampling.environment };
}

/** Does `work`; where that fails, the recorder goes, too. */
async function orTakeBack<Result>(preparing: Promise<Recorder>, work: () => Promise<Result>): Promise<Result> {
  // That the recorder failed is told by whoever waits for it.
  preparing.catch(() => undefined);
  try {
    return await work();
  } catch (error) {
    preparing.then((recorder) => recorder.stop()).catch(() => undefined);
    throw error;
  }
}

/** Waits for both; where one fails, takes the other back. */
async function prepare(
  starting: Promise<HeldProgram>,
  preparing: Promise<Recorder>,
): Promise<{ held: HeldProgram; recorder: Recorder }> {
  const [held, recorder] = await Promise.allSettled([starting, preparing]);
  if (held.status === 'fulfilled' && recorder.status === 'fulfilled') {
    return { held: held.value, recorder: recorder.value };
  }
  if (held.status === 'fulfilled') held.value.kill('SIGKILL');
  if (recorder.status === 'fulfilled') await recorder.value.stop();
  throw held.status === 'rejected' ? held.reason : (recorder as PromiseRejectedResult).reason;
}

async function report(
  plan: ReportPlan,
  { session, failures }: Recording,
  alreadyTold: boolean,
  write: () => Promise<void>,
  { warn }: RunContext,
): Promise<void> {
  const nothing = session.threads.every((thread) => thread.stack.length === 0);
  const hasReason = alreadyTold || failures.length > 0;
  if (!nothing || !hasReason) await write();
  for (const failure of failures) warn(failure);
  if (nothing && hasReason && plan.output.kind === 'file') {
    warn(new TimesinkError('UNWRITABLE_OUTPUT', `nothing was recorded, so ${plan.output.name} was not written`));
  }
}

/** After `--` the command's output may feed a pipe or file, where a report would be in the way. */
function reportStream(program: Program): number {
  return program.kind === 'command' && !isatty(1) ? 2 : 1;
}
