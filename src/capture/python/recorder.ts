/** The recorder as its user holds it: a thread that does the work, and messages to it. */
import { MessageChannel, type MessagePort, Worker } from 'node:worker_threads';
import type { Pid } from '../../session/ids.ts';
import { TimesinkError } from '../../util/errors.ts';
import type { Recorder, RecorderOptions, Recording, StartRecorder } from '../recorder.ts';
import type { PlainFailure, RecorderAnswer, RecorderCommand, RecorderWorkerData } from './recorder.worker.ts';

class ThreadRecorder implements Recorder {
  readonly #port: MessagePort;
  readonly #bell: Int32Array;
  readonly #worker: Worker;
  readonly #waiting: { resolve(answer: RecorderAnswer): void; reject(error: Error): void }[] = [];
  #failed: Error | undefined;

  constructor(worker: Worker, port: MessagePort, bell: Int32Array) {
    this.#worker = worker;
    this.#port = port;
    this.#bell = bell;
    port.on('message', (answer: RecorderAnswer) => this.#waiting.shift()?.resolve(answer));
    worker.on('error', (error) => this.#fail(error));
    worker.on('exit', () => this.#fail(new Error('the recorder has ended')));
  }

  async begin(options: RecorderOptions): Promise<void> {
    await this.#send({ kind: 'begin', options });
  }

  async follow(pid: Pid, wasRunning = false): Promise<void> {
    await this.#send({ kind: 'follow', pid, wasRunning });
  }

  async stop(): Promise<Recording> {
    let answer: RecorderAnswer;
    try {
      answer = await this.#send({ kind: 'stop' });
    } finally {
      this.#port.close();
      await this.#worker.terminate();
    }
    if (answer.kind !== 'stopped') throw new Error('the recorder gave no recording');
    return { session: answer.session, failures: answer.failures.map(revive) };
  }

  #send(command: RecorderCommand): Promise<RecorderAnswer> {
    const answer = this.#answer();
    this.#port.postMessage(command);
    Atomics.add(this.#bell, 0, 1);
    Atomics.notify(this.#bell, 0);
    return answer;
  }

  /** The next answer of the thread; answers come in the order of the commands. */
  #answer(): Promise<RecorderAnswer> {
    return new Promise((resolve, reject) => {
      if (this.#failed) reject(this.#failed);
      else this.#waiting.push({ resolve, reject });
    });
  }

  #fail(error: Error): void {
    this.#failed ??= new TimesinkError('INTERNAL', `the recorder failed: ${error.message}`, { cause: error });
    for (const { reject } of this.#waiting.splice(0)) reject(this.#failed);
  }
}

const revive = ({ code, message, hint }: PlainFailure): TimesinkError =>
  new TimesinkError(code, message, hint === undefined ? {} : { hint });

/**
 * Starts a thread for a recorder: it loads what it needs while others find out what to record. Whoever asks for the recorder
 * waits for the thread, and gets `INTERNAL` when it could not be started. A working directory that has been deleted is left
 * for `/`: Node.js cannot start threads in it.
 */
export function openRecorder(): StartRecorder {
  if (!hasWorkingFolder()) process.chdir('/');
  const { port1, port2 } = new MessageChannel();
  const bell = new Int32Array(new SharedArrayBuffer(4));
  const data: RecorderWorkerData = { port: port2, bell };
  const worker = new Worker(new URL('./recorder.worker.js', import.meta.url), {
    workerData: data,
    transferList: [port2],
    stdin: false,
  });
  const recorder = new ThreadRecorder(worker, port1, bell);
  return async (options) => {
    await recorder.begin(options);
    return recorder;
  };
}

function hasWorkingFolder(): boolean {
  try {
    return process.cwd() !== '';
  } catch {
    return false;
  }
}
