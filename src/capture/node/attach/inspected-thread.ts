/** How is one thread of a running Node.js process recorded, piece by piece? */
import { setTimeout as pause } from 'node:timers/promises';
import { Place } from '../../../session/check.ts';
import { readProfile } from '../../../session/cpuprofile-profile.ts';
import type { Pid } from '../../../session/ids.ts';
import type { ThreadFacts } from '../left-files.ts';
import type { LeftThread, ReadSegment } from '../left-threads.ts';
import type { Message, Protocol } from './protocol.ts';
import { consoleProgram, countProgram, factsProgram, mapsProgram, readFacts } from './target-programs.ts';

/** So often, in ms, what was recorded is fetched: what is lost at most when the process is killed. */
const pieceTime = 1000;
/** A piece has a sample for its beginning, and one for that of the next, whether the sampler runs or not. */
const enoughSamples = 4;
/** ms that V8 may take to begin: some 0.1 s for a large program. */
const longestStart = 2000;

/** Which thread to record, and how. */
export interface InspectedThreadOptions {
  readonly pid: Pid;
  /** Of a worker thread; undefined for the main thread. */
  readonly name: string | undefined;
  /** Time between samples in µs. */
  readonly interval: number;
}

/** V8's sampler in one thread. */
export class InspectedThread {
  readonly #protocol: Protocol;
  readonly #options: InspectedThreadOptions;
  readonly #segments: ReadSegment[] = [];
  readonly #finished = new Map<string, unknown>();
  readonly #end = new AbortController();
  #facts: ThreadFacts | undefined;
  #number = 0;
  #pieces = Promise.resolve();

  constructor(protocol: Protocol, options: InspectedThreadOptions) {
    this.#protocol = protocol;
    this.#options = options;
  }

  /** To be called for each event of the thread. */
  receive(method: string, parameters: Message): void {
    if (method !== 'Profiler.consoleProfileFinished') return;
    this.#finished.set(String(parameters['title']), parameters['profile']);
  }

  /** Begins to record. Rejects where the thread does not let itself be recorded. */
  async begin(): Promise<void> {
    const { pid, name, interval } = this.#options;
    await this.#protocol.send('Profiler.enable');
    await this.#protocol.send('Profiler.setSamplingInterval', { interval });
    this.#facts = readFacts(await this.#protocol.evaluate(factsProgram), pid, name);
    await this.#protocol.evaluate(`${consoleProgram}.profile(${JSON.stringify(this.#title())})`);
    // Code optimised before does not show what was inlined into it; this makes V8 give it up.
    await this.#protocol.send('Profiler.startPreciseCoverage', { callCount: true });
    await this.#protocol.send('Profiler.stopPreciseCoverage');
    await this.#awaitSamples();
    this.#pieces = this.#fetchPieces();
  }

  /** Ends the recording; undefined where it had not begun. */
  async finish(): Promise<LeftThread | undefined> {
    this.#end.abort();
    await this.#pieces;
    const isWhole = await this.#fetchLast();
    const last = this.#segments.length - 1;
    const segments = this.#segments.map((segment, index) => ({ ...segment, isLast: isWhole && index === last }));
    return this.#facts === undefined ? undefined : { facts: this.#facts, segments };
  }

  /** V8 looks at all the code there is before it takes its first sample. */
  async #awaitSamples(): Promise<void> {
    const until = performance.now() + longestStart;
    const hasBegun = (): boolean => this.#segments.some(({ profile }) => profile.samples.length >= enoughSamples);
    do {
      await pause(Math.max(20, (4 * this.#options.interval) / 1000));
      await this.#fetch(true);
    } while (!hasBegun() && performance.now() < until);
    this.#segments.length = 0;
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
      // It is over, by us or by the thread.
    }
  }

  /** @returns whether the thread was there to give its last piece */
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
    const ending = this.#title();
    this.#number++;
    const next = goesOn ? `c.profile(${JSON.stringify(this.#title())});` : '';
    const program = `(() => { const c = ${consoleProgram}; ${next} c.profileEnd(${JSON.stringify(ending)}) })()`;
    await this.#protocol.evaluate(program);
    const counts = (await this.#protocol.evaluate(countProgram)) as Message | undefined;
    const profile = this.#finished.get(ending);
    this.#finished.clear();
    if (profile === undefined) return;
    this.#segments.push({
      profile: readProfile(new Place('the profile of V8', '', profile), 'foreign'),
      awaits: null,
      until: Number(counts?.['until']),
      cpu: Number(counts?.['cpu']),
      isLast: false,
      notes: [],
      maps: {},
    });
  }

  /** Maps that only the process has, for the first piece to carry. */
  async #fetchMaps(): Promise<void> {
    const urls = new Set(this.#segments.flatMap(({ profile }) => profile.nodes.map(({ callFrame }) => callFrame.url)));
    const own = [...urls].filter((url) => url !== '' && !url.startsWith('node:'));
    const text = await this.#protocol.evaluate(mapsProgram(own));
    const [first] = this.#segments;
    if (typeof text !== 'string' || first === undefined) return;
    this.#segments[0] = { ...first, maps: JSON.parse(text) as Record<string, unknown> };
  }
}
