/** How is a Node.js process spoken to through its inspector? */
import { get } from 'node:http';
import { WebSocket } from 'ws';
import { TimesinkError } from '../../../util/errors.ts';

/** The answer to a command, or an event. */
type Message = Readonly<Record<string, unknown>>;

/** A profile of a long time is large; larger ones are no profile. */
const longestMessage = 1 << 30;
/** ms to wait for an answer: a process that computes without end answers in between all the same. */
const patience = 10_000;

/** Speaks the DevTools protocol with one process. */
export class InspectorClient {
  readonly #socket: WebSocket;
  readonly #waiting = new Map<number, { resolve(result: Message): void; reject(error: Error): void }>();
  readonly #onEvent: (method: string, parameters: Message) => void;
  /** Resolves when the connection has ended, whoever ended it. */
  readonly closed: Promise<void>;
  #count = 0;
  #isClosed = false;

  private constructor(socket: WebSocket, onEvent: (method: string, parameters: Message) => void) {
    this.#socket = socket;
    this.#onEvent = onEvent;
    socket.on('message', (data: Buffer) => this.#receive(data.toString()));
    this.closed = new Promise((resolve) => {
      socket.once('close', () => {
        this.#isClosed = true;
        const error = new Error('the process has closed the connection');
        for (const { reject } of this.#waiting.values()) reject(error);
        this.#waiting.clear();
        resolve();
      });
    });
    // Always followed by `close`.
    socket.on('error', () => {});
  }

  /** Connects to the inspector that listens at a port of this machine. */
  static async connect(port: number, onEvent: (method: string, parameters: Message) => void): Promise<InspectorClient> {
    const socket = new WebSocket(await debuggerUrl(port), { maxPayload: longestMessage, perMessageDeflate: false });
    await new Promise((resolve, reject) => {
      socket.once('open', resolve);
      socket.once('error', reject);
    });
    return new InspectorClient(socket, onEvent);
  }

  /** Sends a command. Rejects where the process refuses it, does not answer, or ends. */
  send(method: string, parameters: object = {}): Promise<Message> {
    const id = ++this.#count;
    return new Promise((resolve, reject) => {
      if (this.#isClosed) {
        reject(new Error('the process has closed the connection'));
        return;
      }
      const timer = setTimeout(() => {
        this.#waiting.delete(id);
        reject(new Error(`no answer to ${method} in ${patience / 1000} s`));
      }, patience);
      this.#waiting.set(id, {
        resolve: (result) => {
          clearTimeout(timer);
          resolve(result);
        },
        reject: (error) => {
          clearTimeout(timer);
          reject(error);
        },
      });
      this.#socket.send(JSON.stringify({ id, method, params: parameters }));
    });
  }

  /** The value of an expression in the process's main context, as JSON has it. */
  async evaluate(expression: string): Promise<unknown> {
    const answer = await this.send('Runtime.evaluate', { expression, returnByValue: true, silent: true });
    if (answer['exceptionDetails'] !== undefined) throw new Error('an expression failed in the process');
    return (answer['result'] as { readonly value?: unknown } | undefined)?.value;
  }

  close(): void {
    this.#socket.close();
  }

  #receive(text: string): void {
    const message = parsed(text);
    const { id, method, result, error, params } = message;
    if (typeof method === 'string') this.#onEvent(method, (params ?? {}) as Message);
    if (typeof id !== 'number') return;
    const waiting = this.#waiting.get(id);
    this.#waiting.delete(id);
    if (error === undefined) waiting?.resolve((result ?? {}) as Message);
    else waiting?.reject(new Error(String((error as { readonly message?: unknown }).message)));
  }
}

function parsed(text: string): Message {
  try {
    return JSON.parse(text) as Message;
  } catch {
    return {};
  }
}

/** What Node.js tells of its targets at `/json/list`: one, the process. */
async function debuggerUrl(port: number): Promise<string> {
  const text = await fetchText(port, '/json/list');
  const [target] = parsed(text) as unknown as readonly { readonly webSocketDebuggerUrl?: unknown }[];
  const path = /^ws:\/\/[^/]+(\/[\w-]+)$/.exec(String(target?.webSocketDebuggerUrl))?.[1];
  if (path === undefined)
    throw new TimesinkError('UNSUPPORTED_RUNTIME', `no inspector of Node.js answers at port ${port}`);
  return `ws://127.0.0.1:${port}${path}`;
}

function fetchText(port: number, path: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const request = get({ host: '127.0.0.1', port, path, timeout: patience }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (piece: string) => {
        text += piece;
        if (text.length > 1 << 20) request.destroy(new Error('the answer is too long'));
      });
      response.once('end', () => resolve(text));
      response.once('error', reject);
    });
    request.once('timeout', () => request.destroy(new Error(`no answer at port ${port}`)));
    request.once('error', reject);
  });
}
