/** Which worker threads does a running Node.js process have, and how are they recorded? Through its main thread. */
import type { Pid } from '../../../session/ids.ts';
import type { LeftThread } from '../left-threads.ts';
import { InspectedThread } from './inspected-thread.ts';
import { type Message, Protocol } from './protocol.ts';

/** A worker thread that can be spoken to. */
interface Worker {
  readonly protocol: Protocol;
  readonly thread: InspectedThread;
  /** Resolves when it is being recorded, or cannot be. */
  readonly begun: Promise<boolean>;
}

/** The worker threads of a process: those that there are, and those that come. */
export class InspectedWorkers {
  readonly #main: Protocol;
  readonly #options: { readonly pid: Pid; readonly interval: number };
  readonly #workers = new Map<string, Worker>();

  constructor(main: Protocol, options: { readonly pid: Pid; readonly interval: number }) {
    this.#main = main;
    this.#options = options;
  }

  /** Begins to record them. */
  async begin(): Promise<void> {
    await this.#main.send('NodeWorker.enable', { waitForDebuggerOnStart: false });
    await Promise.all(Array.from(this.#workers.values(), ({ begun }) => begun));
  }

  /** To be called for each event of the main thread (Node's `NodeWorker` domain). */
  receive(method: string, parameters: Message): void {
    const id = String(parameters['sessionId']);
    switch (method) {
      case 'NodeWorker.attachedToWorker':
        this.#add(id, parameters['workerInfo'] as Message | undefined);
        return;
      case 'NodeWorker.receivedMessageFromWorker':
        this.#workers.get(id)?.protocol.receive(String(parameters['message']));
        return;
      case 'NodeWorker.detachedFromWorker':
        this.#workers.get(id)?.protocol.close();
    }
  }

  /** Ends their recordings. */
  async finish(): Promise<readonly LeftThread[]> {
    const workers = [...this.#workers.values()];
    const left = await Promise.all(
      workers.map(async ({ begun, thread }) => ((await begun) ? thread.finish() : undefined)),
    );
    return left.filter((thread) => thread !== undefined);
  }

  #add(sessionId: string, info: Message | undefined): void {
    const send = (message: string): void => {
      // An answer that does not come is missed by whoever asked.
      this.#main.send('NodeWorker.sendMessageToWorker', { sessionId, message }).catch(() => undefined);
    };
    const protocol = new Protocol(send, (method, parameters) => thread.receive(method, parameters));
    const thread = new InspectedThread(protocol, { ...this.#options, name: nameOf(info) });
    const begun = thread.begin().then(
      () => true,
      () => false,
    );
    this.#workers.set(sessionId, { protocol, thread, begun });
  }
}

/** Node.js calls them `Worker 1`, and `[worker 1] NAME` in newer versions. */
function nameOf(info: Message | undefined): string {
  const title = String(info?.['title'] ?? '');
  const name = /^\[worker \d+\] (.+)$/.exec(title)?.[1];
  return name === undefined || name === 'WorkerThread' ? `worker ${String(info?.['workerId'] ?? '')}`.trim() : name;
}
