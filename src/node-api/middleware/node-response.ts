/** How does the answer of a Node.js server become another one, whatever wrote the first? */
import type { ServerResponse } from 'node:http';
import type { Answer } from './request-profile.ts';

type Method = 'writeHead' | 'write' | 'end' | 'flushHeaders' | 'writeProcessing' | 'writeEarlyHints';
const methods: readonly Method[] = ['writeHead', 'write', 'end', 'flushHeaders', 'writeProcessing', 'writeEarlyHints'];

/** A response, as far as it is used here. */
export type Response = Pick<
  ServerResponse,
  'statusCode' | 'headersSent' | 'once' | 'off' | 'getHeaderNames' | 'removeHeader' | 'setHeader'
> &
  Record<'end', (body: string | Uint8Array) => unknown>;

/** What happens to a response. */
export interface ResponseEnd {
  /** It is complete; gives what is sent instead. */
  readonly answer: (status: number) => Answer;
  /** The client has gone before. */
  readonly gone: () => void;
}

/** Lets nothing out that is written to a response; once it is ended, sends something else. */
export function replaceResponse(response: Response, { answer, gone }: ResponseEnd): void {
  const before = methods.map((name) => Object.getOwnPropertyDescriptor(response, name));
  const restore = (): void => {
    methods.forEach((name, index) => {
      delete (response as Partial<Record<Method, unknown>>)[name];
      const descriptor = before[index];
      if (descriptor !== undefined) Object.defineProperty(response, name, descriptor);
    });
  };
  response.once('close', gone);
  const end = (): void => {
    restore();
    response.off('close', gone);
    const { status, headers, body } = answer(response.statusCode);
    for (const name of response.getHeaderNames()) if (name !== 'set-cookie') response.removeHeader(name);
    response.statusCode = status;
    for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
    response.end(body);
  };
  const replacements: Record<Method, (...words: unknown[]) => unknown> = {
    writeHead: (status) => {
      if (typeof status === 'number') response.statusCode = status;
      return response;
    },
    write: (...words) => {
      callBack(words);
      return true;
    },
    end: (...words) => {
      const done = words.find((word) => typeof word === 'function') as (() => void) | undefined;
      if (done !== undefined) response.once('finish', done);
      end();
      return response;
    },
    flushHeaders: () => undefined,
    writeProcessing: () => undefined,
    writeEarlyHints: () => undefined,
  };
  for (const name of methods) {
    Object.defineProperty(response, name, { value: replacements[name], configurable: true, writable: true });
  }
}

function callBack(words: readonly unknown[]): void {
  const done = words.find((word) => typeof word === 'function') as (() => void) | undefined;
  if (done !== undefined) process.nextTick(done);
}
