/** How is a running Node.js process recorded? By V8's own sampler, through its inspector. */
import { setTimeout as pause } from 'node:timers/promises';
import type { Pid } from '../../../session/ids.ts';
import { TimesinkError } from '../../../util/errors.ts';
import type { Attachment } from '../../attachment.ts';
import type { RecorderOptions, Recording } from '../../recorder.ts';
import { nodeSession } from '../node-session.ts';
import { sourceText } from '../region/source-text.ts';
import { InspectedThread } from './inspected-thread.ts';
import { InspectedWorkers } from './inspected-workers.ts';
import { connectInspector, type InspectorConnection } from './inspector-client.ts';
import { isClosed, type OpenInspector, openInspector } from './open-inspector.ts';

/**
 * Connects to a Node.js process and begins to record its threads.
 * @throws TimesinkError as `openInspector`
 */
export async function attachToNode(pid: Pid, options: RecorderOptions): Promise<Attachment> {
  const inspector = await openInspector(pid);
  const attachment = new NodeAttachment(pid, inspector, options);
  try {
    await attachment.begin();
    return attachment;
  } catch (cause) {
    await attachment.release();
    if (cause instanceof TimesinkError) throw cause;
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new TimesinkError('UNSUPPORTED_RUNTIME', `cannot record process ${pid}: ${reason}`, { cause });
  }
}

class NodeAttachment implements Attachment {
  readonly #pid: Pid;
  readonly #inspector: OpenInspector;
  readonly #options: RecorderOptions;
  #connection: InspectorConnection | undefined;
  #main: InspectedThread | undefined;
  #workers: InspectedWorkers | undefined;
  ended: Promise<void> = Promise.resolve();

  constructor(pid: Pid, inspector: OpenInspector, options: RecorderOptions) {
    this.#pid = pid;
    this.#inspector = inspector;
    this.#options = options;
  }

  async begin(): Promise<void> {
    const connection = await connectInspector(this.#inspector.port, (method, parameters) => {
      this.#main?.receive(method, parameters);
      this.#workers?.receive(method, parameters);
    });
    this.#connection = connection;
    this.ended = connection.closed;
    const options = { pid: this.#pid, interval: Math.round(this.#options.interval * 1e6) };
    this.#main = new InspectedThread(connection.main, { ...options, name: undefined });
    await this.#main.begin();
    this.#workers = new InspectedWorkers(connection.main, options);
    // A Node.js without worker threads.
    await this.#workers.begin().catch(() => undefined);
  }

  async stop(): Promise<Recording> {
    const [main, workers] = await Promise.all([this.#main?.finish(), this.#workers?.finish()]);
    const failures = await this.release();
    const threads = main === undefined ? [] : [main, ...(workers ?? [])];
    const session = nodeSession(threads, this.#options, sourceText);
    if (session !== undefined) return { session, failures };
    throw new TimesinkError('PROCESS_NOT_FOUND', `process ${this.#pid} ended before anything was recorded of it`);
  }

  /** Lets go of the process; closes what was opened. */
  async release(): Promise<readonly TimesinkError[]> {
    const { port, wasOpen } = this.#inspector;
    if (!wasOpen) {
      // Its answer may come, or the end of the connection, which it closes by that.
      await Promise.race([this.#connection?.main.evaluate('process._debugEnd()').catch(() => undefined), pause(1000)]);
    }
    this.#connection?.close();
    if (wasOpen || (await isClosed(this.#pid, port))) return [];
    const problem = `the inspector of process ${this.#pid} is still open at port ${port}`;
    return [new TimesinkError('UNSUPPORTED_RUNTIME', problem)];
  }
}
