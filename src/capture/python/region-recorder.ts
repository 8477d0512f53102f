/** The recorder of regions as its user holds it: a thread that reads the process's memory, and messages to it. */
import { MessageChannel, type MessagePort, Worker } from 'node:worker_threads';
import type { Session } from '../../session/session.ts';
import type { Seconds } from '../../session/units.ts';
import { TimesinkError } from '../../util/errors.ts';
import type { RegionEnd, RegionId, RegionOptions, RegionRecorder } from '../region.ts';
import type { PlainFailure } from './recorder.worker.ts';
import type { RegionCommand, RegionWorkerAnswer, RegionWorkerData } from './region.worker.ts';

/** In MB: few objects live for longer than one look. */
const youngGeneration = 2;

interface Waiting {
  resolve(answer: RegionWorkerAnswer): void;
  reject(error: Error): void;
}

class ThreadRegionRecorder implements RegionRecorder {
  readonly #port: MessagePort;
  readonly #bell: Int32Array;
  readonly #waiting: Waiting[] = [];
  #failed: Error | undefined;

  constructor(worker: Worker, port: MessagePort, bell: Int32Array) {
    this.#port = port;
    this.#bell = bell;
    port.on('message', (answer: RegionWorkerAnswer) => this.#waiting.shift()?.resolve(answer));
    worker.on('error', (error) => this.#fail(error));
    worker.on('exit', () => this.#fail(new Error('its thread has ended')));
  }

  /** The next answer of the thread; answers come in the order of the commands. */
  async answer(): Promise<RegionWorkerAnswer> {
    const answer = await new Promise<RegionWorkerAnswer>((resolve, reject) => {
      if (this.#failed) reject(this.#failed);
      else this.#waiting.push({ resolve, reject });
    });
    if (answer.kind === 'failed') throw revive(answer.failure);
    return answer;
  }

  async start(options: RegionOptions): Promise<readonly number[]> {
    const answer = await this.#send({ kind: 'start', options });
    return answer.kind === 'started' ? answer.coroutines : [];
  }

  async stop(end: RegionEnd): Promise<Session> {
    const answer = await this.#send({ kind: 'stop', end });
    if (answer.kind !== 'stopped') throw new Error('the recorder gave no session');
    return answer.session;
  }

  cancel(region: RegionId): void {
    this.#post({ kind: 'cancel', region });
  }

  pause(region: RegionId, at: Seconds): void {
    this.#post({ kind: 'pause', region, at });
  }

  resume(region: RegionId, at: Seconds): void {
    this.#post({ kind: 'resume', region, at });
  }

  #send(command: RegionCommand): Promise<RegionWorkerAnswer> {
    const answer = this.answer();
    this.#post(command);
    return answer;
  }

  #post(command: RegionCommand): void {
    this.#port.postMessage(command);
    Atomics.add(this.#bell, 0, 1);
    Atomics.notify(this.#bell, 0);
  }

  #fail(error: Error): void {
    this.#failed ??= new TimesinkError('INTERNAL', `the recorder failed: ${error.message}`, { cause: error });
    for (const { reject } of this.#waiting.splice(0)) reject(this.#failed);
  }
}

const revive = ({ code, message, hint }: PlainFailure): TimesinkError =>
  new TimesinkError(code, message, hint === undefined ? {} : { hint });

/**
 * Opens a process and starts the thread that samples it.
 * @throws TimesinkError saying why the process cannot be read
 */
export async function openRegionRecorder(process: Omit<RegionWorkerData, 'port' | 'bell'>): Promise<RegionRecorder> {
  const { port1, port2 } = new MessageChannel();
  const bell = new Int32Array(new SharedArrayBuffer(4));
  const workerData: RegionWorkerData = { ...process, port: port2, bell };
  const worker = new Worker(new URL('./region.worker.js', import.meta.url), {
    workerData,
    transferList: [port2],
    stdin: false,
    resourceLimits: { maxYoungGenerationSizeMb: youngGeneration },
  });
  const recorder = new ThreadRegionRecorder(worker, port1, bell);
  try {
    await recorder.answer();
  } catch (error) {
    port1.close();
    await worker.terminate();
    throw error;
  }
  return recorder;
}
