/** How is a running Node.js process recorded? By V8's own sampler, through its inspector. */
import { setTimeout as pause } from 'node:timers/promises';
import { Place } from '../../../session/check.ts';
import { readProfile } from '../../../session/cpuprofile-profile.ts';
import type { Pid } from '../../../session/ids.ts';
import { TimesinkError } from '../../../util/errors.ts';
import type { Attachment } from '../../attachment.ts';
import type { RecorderOptions, Recording } from '../../recorder.ts';
import type { ThreadFacts } from '../left-files.ts';
import type { ReadSegment } from '../left-threads.ts';
import { nodeSession } from '../node-session.ts';
import { sourceText } from '../region/source-text.ts';
import { InspectorClient } from './inspector-client.ts';
import { isClosed, type OpenInspector, openInspector } from './open-inspector.ts';
import { consoleProgram, countProgram, factsProgram, mapsProgram, readFacts } from './target-programs.ts';

/** So often, in ms, what was recorded is fetched: what is lost at most when the process is killed. */
const pieceTime = 1000;
/** A piece has a sample for its beginning, and one for that of the next, whether the sampler runs or not. */
const enoughSamples = 4;
/** ms that V8 may take to begin: some 0.1 s for a large program. */
const longestStart = 2000;

/**
 * Connects to a Node.js process and begins to record its main thread.
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
  readonly #segments: ReadSegment[] = [];
  readonly #finished = new Map<string, unknown>();
  readonly #end = new AbortController();
  #client: InspectorClient | undefined;
  #facts: ThreadFacts | undefined;
  #number = 0;
  #pieces = Promise.resolve();
  ended: Promise<void> = Promise.resolve();

  constructor(pid: Pid, inspector: OpenInspector, options: RecorderOptions) {
    this.#pid = pid;
    this.#inspector = inspector;
    this.#options = options;
  }

  async begin(): Promise<void> {
    const client = await InspectorClient.connect(this.#inspector.port, (method, parameters) => {
      if (method !== 'Profiler.consoleProfileFinished') return;
      this.#finished.set(String(parameters['title']), parameters['profile']);
    });
    this.#client = client;
    this.ended = client.closed;
    await client.send('Profiler.enable');
    await client.send('Profiler.setSamplingInterval', { interval: Math.round(this.#options.interval * 1e6) });
    this.#facts = readFacts(await client.evaluate(factsProgram), this.#pid);
    await client.evaluate(`${consoleProgram}.profile(${JSON.stringify(this.#title())})`);
    // Code optimised before does not show what was inlined into it; this makes V8 give it up.
    await client.send('Profiler.startPreciseCoverage', { callCount: true });
    await client.send('Profiler.stopPreciseCoverage');
    await this.#awaitSamples();
    this.#pieces = this.#fetchPieces();
  }

  /** V8 looks at all the code there is before it takes its first sample. */
  async #awaitSamples(): Promise<void> {
    const until = performance.now() + longestStart;
    do {
      await pause(Math.max(20, 4000 * this.#options.interval));
      await this.#fetch(true);
    } while (
      this.#segments.every(({ profile }) => profile.samples.length < enoughSamples) &&
      performance.now() < until
    );
    this.#segments.length = 0;
  }

  async stop(): Promise<Recording> {
    this.#end.abort();
    await this.#pieces;
    const isWhole = await this.#fetchLast();
    const failures = await this.release();
    const segments = this.#segments.map((one, index) => ({
      ...one,
      isLast: isWhole && index === this.#segments.length - 1,
    }));
    const session = nodeSession([{ facts: this.#facts as ThreadFacts, segments }], this.#options, sourceText);
    if (session !== undefined) return { session, failures };
    throw new TimesinkError('PROCESS_NOT_FOUND', `process ${this.#pid} ended before anything was recorded of it`);
  }

  /** Lets go of the process; closes what was opened. */
  async release(): Promise<readonly TimesinkError[]> {
    const { port, wasOpen } = this.#inspector;
    if (!wasOpen) {
      // Its answer may come, or the end of the connection, which it closes by that.
      await Promise.race([this.#client?.evaluate('process._debugEnd()').catch(() => undefined), pause(1000)]);
    }
    this.#client?.close();
    if (wasOpen || (await isClosed(this.#pid, port))) return [];
    const problem = `the inspector of process ${this.#pid} is still open at port ${port}`;
    return [new TimesinkError('UNSUPPORTED_RUNTIME', problem)];
  }

  #title(): string {
    return `timesink attached ${this.#number}`;
  }

  async #fetchPieces(): Promise<void> {
    try {
      for (;;) {
        await pause(pieceTime, undefined, { signal: this.#end.signal });
        await this.#fetch(true);
      }
    } catch {
      // It is over, by us or by the process.
    }
  }

  /** @returns whether the process was there to give its last piece */
  async #fetchLast(): Promise<boolean> {
    try {
      await this.#fetch(false);
      await this.#fetchMaps();
      return true;
    } catch {
      return false;
    }
  }

  /** Ends a piece; the next one begins before, so that no sample is lost. */
  async #fetch(goesOn: boolean): Promise<void> {
    const client = this.#client as InspectorClient;
    const ending = this.#title();
    this.#number++;
    const next = goesOn ? `c.profile(${JSON.stringify(this.#title())});` : '';
    const program = `(() => { const c = ${consoleProgram}; ${next} c.profileEnd(${JSON.stringify(ending)}) })()`;
    await client.evaluate(program);
    const counts = (await client.evaluate(countProgram)) as { readonly until?: unknown; readonly cpu?: unknown };
    const profile = this.#finished.get(ending);
    this.#finished.clear();
    if (profile === undefined) return;
    this.#segments.push({
      profile: readProfile(new Place('the profile of V8', '', profile), 'foreign'),
      awaits: null,
      until: Number(counts.until),
      cpu: Number(counts.cpu),
      isLast: false,
      notes: [],
      maps: {},
    });
  }

  /** Maps that only the process has, for the first piece to carry. */
  async #fetchMaps(): Promise<void> {
    const urls = new Set(this.#segments.flatMap(({ profile }) => profile.nodes.map(({ callFrame }) => callFrame.url)));
    const own = [...urls].filter((url) => url !== '' && !url.startsWith('node:'));
    const text = await this.#client?.evaluate(mapsProgram(own));
    const [first] = this.#segments;
    if (typeof text !== 'string' || first === undefined) return;
    this.#segments[0] = { ...first, maps: JSON.parse(text) as Record<string, unknown> };
  }
}
