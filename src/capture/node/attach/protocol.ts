/** How are commands of the DevTools protocol and their answers kept together, whatever carries them? */

/** The answer to a command, or what an event tells. */
export type Message = Readonly<Record<string, unknown>>;

/** Called for each event. */
export type OnEvent = (method: string, parameters: Message) => void;

/** ms to wait for an answer: a process that computes without end answers in between all the same. */
export const patience = 10_000;

interface Waiting {
  readonly timer: NodeJS.Timeout;
  resolve(result: Message): void;
  reject(error: Error): void;
}

/** Speaks with one thread of a process. */
export class Protocol {
  readonly #write: (text: string) => void;
  readonly #onEvent: OnEvent;
  readonly #waiting = new Map<number, Waiting>();
  #count = 0;
  #closed: Error | undefined;

  /** @param write carries a command */
  constructor(write: (text: string) => void, onEvent: OnEvent) {
    this.#write = write;
    this.#onEvent = onEvent;
  }

  /** Sends a command. Rejects where the thread refuses it, does not answer, or ends. */
  send(method: string, parameters: object = {}): Promise<Message> {
    if (this.#closed !== undefined) return Promise.reject(this.#closed);
    const id = ++this.#count;
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#waiting.delete(id);
        reject(new Error(`no answer to ${method} in ${patience / 1000} s`));
      }, patience);
      this.#waiting.set(id, { timer, resolve, reject });
      this.#write(JSON.stringify({ id, method, params: parameters }));
    });
  }

  /** The value of an expression in the thread's main context, as JSON has it. */
  async evaluate(expression: string): Promise<unknown> {
    const answer = await this.send('Runtime.evaluate', { expression, returnByValue: true, silent: true });
    if (answer['exceptionDetails'] !== undefined) throw new Error('an expression failed in the process');
    return (answer['result'] as { readonly value?: unknown } | undefined)?.value;
  }

  /** To be called for each message that comes. */
  receive(text: string): void {
    const { id, method, result, error, params } = parsedMessage(text);
    if (typeof method === 'string') this.#onEvent(method, (params ?? {}) as Message);
    const waiting = typeof id === 'number' ? this.#waiting.get(id) : undefined;
    if (waiting === undefined) return;
    this.#waiting.delete(id as number);
    clearTimeout(waiting.timer);
    if (error === undefined) waiting.resolve((result ?? {}) as Message);
    else waiting.reject(new Error(String((error as { readonly message?: unknown }).message)));
  }

  /** Nothing more will come. */
  close(): void {
    this.#closed = new Error('the process has closed the connection');
    for (const { timer, reject } of this.#waiting.values()) {
      clearTimeout(timer);
      reject(this.#closed);
    }
    this.#waiting.clear();
  }
}

/** Empty for what is no message. */
export function parsedMessage(text: string): Message {
  try {
    return JSON.parse(text) as Message;
  } catch {
    return {};
  }
}
