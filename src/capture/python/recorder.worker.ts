/** The recorder's thread: sleeps until the next tick, looks at the processes, and hands over the session at the end. */
// The global is fetched through a getter at every use.
import { performance } from 'node:perf_hooks';
import { type MessagePort, receiveMessageOnPort, workerData } from 'node:worker_threads';
import type { Pid } from '../../session/ids.ts';
import type { Session } from '../../session/session.ts';
import { milliseconds } from '../../session/units.ts';
import type { ErrorCode } from '../../util/errors.ts';
import type { RecorderOptions } from '../recorder.ts';
import { sharpenTimers, Ticker } from '../system/ticker.ts';
import { TreeRecorder } from './tree-recorder.ts';

/** What the recorder's thread is given. */
export interface RecorderWorkerData {
  readonly port: MessagePort;
  /** Counts commands sent: the thread sleeps on it. */
  readonly bell: Int32Array;
}

/** Commands to the thread, `begin` before all others. */
export type RecorderCommand =
  | { readonly kind: 'begin'; readonly options: RecorderOptions }
  | { readonly kind: 'follow'; readonly pid: Pid; readonly wasRunning: boolean }
  | { readonly kind: 'stop' };

/** An error's fields: messages between threads keep no others than these of its class. */
export interface PlainFailure {
  readonly code: ErrorCode;
  readonly message: string;
  readonly hint: string | undefined;
}

/** What the thread says: an answer to each command. */
export type RecorderAnswer =
  | { readonly kind: 'begun' }
  | { readonly kind: 'following' }
  | { readonly kind: 'stopped'; readonly session: Session; readonly failures: readonly PlainFailure[] };

/** How often, in ticks, the thread lets its own promises go on. */
const ticksPerTurn = 64;

async function run({ port, bell }: RecorderWorkerData): Promise<void> {
  sharpenTimers();
  Atomics.wait(bell, 0, 0);
  const first = receiveMessageOnPort(port)?.message as RecorderCommand | undefined;
  if (first?.kind !== 'begin') throw new Error('the recorder was not told what to record');
  const ticker = new Ticker(milliseconds(first.options.interval * 1000), performance.now());
  const recorder = new TreeRecorder(first.options, ticker);
  port.postMessage({ kind: 'begun' } satisfies RecorderAnswer);
  let rung = 1;
  for (;;) {
    if (Atomics.load(bell, 0) !== rung) {
      rung = Atomics.load(bell, 0);
      for (let item = receiveMessageOnPort(port); item; item = receiveMessageOnPort(port)) {
        const command = item.message as RecorderCommand;
        if (command.kind === 'stop') {
          const { session, failures } = recorder.finish(performance.now());
          const plain = failures.map(({ code, message, hint }): PlainFailure => ({ code, message, hint }));
          port.postMessage({ kind: 'stopped', session, failures: plain } satisfies RecorderAnswer);
          // Ending the thread is the owner's: a message must not be lost with it.
          setInterval(() => {}, 2 ** 30);
          return;
        }
        if (command.kind === 'begin') continue;
        recorder.follow(command.pid, performance.now(), command.wasRunning);
        port.postMessage({ kind: 'following' } satisfies RecorderAnswer);
      }
    }
    const remaining = ticker.remaining(performance.now());
    if (remaining > 0 && Atomics.wait(bell, 0, rung, remaining) !== 'timed-out') continue;
    const now = performance.now();
    ticker.advance(now);
    recorder.tick(now);
    if (recorder.isLoading || ticker.ticks % ticksPerTurn === 0) await new Promise(setImmediate);
  }
}

void run(workerData as RecorderWorkerData);
