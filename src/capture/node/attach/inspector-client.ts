/** How is a Node.js process spoken to through its inspector? */
import { get } from 'node:http';
import { WebSocket } from 'ws';
import { TimesinkError } from '../../../util/errors.ts';
import { type OnEvent, Protocol, parsedMessage, patience } from './protocol.ts';

/** A profile of a long time is large; larger ones are no profile. */
const longestMessage = 1 << 30;

/** A connection to a process: to its main thread. */
export interface InspectorConnection {
  readonly main: Protocol;
  /** Resolves when the connection has ended, whoever ended it. */
  readonly closed: Promise<void>;
  close(): void;
}

/** Connects to the inspector that listens at a port of this machine. */
export async function connectInspector(port: number, onEvent: OnEvent): Promise<InspectorConnection> {
  const socket = new WebSocket(await debuggerUrl(port), { maxPayload: longestMessage, perMessageDeflate: false });
  await new Promise((resolve, reject) => {
    socket.once('open', resolve);
    socket.once('error', reject);
  });
  const main = new Protocol((text) => socket.send(text), onEvent);
  socket.on('message', (data: Buffer) => main.receive(data.toString()));
  // Always followed by `close`.
  socket.on('error', () => {});
  const closed = new Promise<void>((resolve) => {
    socket.once('close', () => {
      main.close();
      resolve();
    });
  });
  return { main, closed, close: () => socket.close() };
}

/** What Node.js tells of its targets at `/json/list`: one, the process. */
async function debuggerUrl(port: number): Promise<string> {
  const text = await fetchText(port, '/json/list');
  const [target] = parsedMessage(text) as unknown as readonly { readonly webSocketDebuggerUrl?: unknown }[];
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
