/** How does one V8 sampler serve all regions of a thread, however many there are at a time? */
import type { Session as InspectorSession } from 'node:inspector';
import { Place } from '../../../session/check.ts';
import { readProfile, type V8Profile } from '../../../session/cpuprofile-profile.ts';
import { TimesinkError } from '../../../util/errors.ts';
import { type JoinedProfile, joinProfiles } from '../joined-profile.ts';
import type { Inspector } from '../preload/profiler.ts';
import { moment } from './moments.ts';

/** A piece is ended after so many ms at the latest, so that none becomes large. */
const longestPiece = 10_000;
/** The sampler runs on for so many ms when nobody needs it: to start it anew costs more. */
const restTime = 5000;

/** More become one: a long region may see thousands of short ones end. */
const mostPieces = 256;
/** A piece has a sample for its beginning, and one for that of the next, whether the sampler runs or not. */
const enoughSamples = 4;
/** With longer intervals, in µs, regions are long, too. */
const longestAwaited = 5000;
/** V8 has this many µs to begin. */
const longestStart = 150_000;

// The program may replace the timers later, to test itself.
const { setTimeout: later, clearTimeout: cancel } = globalThis;

/** A region's claim on the sampler. */
export interface SamplerUse {
  /** In µs. */
  readonly interval: number;
  /** In µs on V8's clock. */
  readonly since: number;
}

/** A piece of the recording, and when it ended. */
interface Piece {
  readonly profile: V8Profile;
  readonly until: number;
}

/** V8's sampler in this thread. It samples from the first use to some time after the last one. */
class RegionSampler {
  readonly #uses = new Set<SamplerUse>();
  #pieces: Piece[] = [];
  #session: InspectorSession | undefined;
  #console: Inspector['console'] | undefined;
  #interval = 0;
  #number = 0;
  #finished: unknown;
  #timer: NodeJS.Timeout | undefined;

  /**
   * Begins to sample, at this interval or a shorter one.
   * @param isFresh whether the program has hardly begun: no code of it is optimised yet
   * @throws TimesinkError `UNSUPPORTED_RUNTIME` where Node.js was built without inspector
   */
  use(interval: number, isFresh: boolean): SamplerUse {
    if (this.#session !== undefined && interval < this.#interval) this.#stop();
    if (this.#session === undefined) this.#start(interval, isFresh);
    const use: SamplerUse = { interval, since: moment() };
    this.#uses.add(use);
    this.#plan();
    return use;
  }

  /** Ends a use. @returns all samples since it began, and some before */
  take(use: SamplerUse): JoinedProfile {
    this.#next();
    const pieces = this.#pieces.filter(({ until }) => until >= use.since);
    this.release(use);
    return joinProfiles(pieces.map(({ profile }) => profile));
  }

  /** Ends a use whose samples nobody wants. */
  release(use: SamplerUse): void {
    this.#uses.delete(use);
    const needed = Math.min(...Array.from(this.#uses, ({ since }) => since));
    this.#pieces = this.#pieces.filter(({ until }) => until >= needed);
    this.#plan();
  }

  #start(interval: number, isFresh: boolean): void {
    const { Session, console } = inspector();
    const session = new Session();
    session.connect();
    session.on('Profiler.consoleProfileFinished', ({ params }) => {
      if (params.title === this.#title()) this.#finished = params.profile;
    });
    session.post('Profiler.enable');
    session.post('Profiler.setSamplingInterval', { interval });
    this.#session = session;
    this.#console = console;
    this.#interval = interval;
    console.profile(this.#title());
    if (!isFresh && process.env['NODE_V8_COVERAGE'] === undefined) {
      // Code optimised before does not show what was inlined into it; this makes V8 give it up.
      session.post('Profiler.startPreciseCoverage', { callCount: true });
      session.post('Profiler.stopPreciseCoverage');
    }
    this.#awaitSamples();
  }

  /** V8 looks at all the code there is before it takes its first sample: a short region would have none. */
  #awaitSamples(): void {
    if (this.#interval > longestAwaited) return;
    const pause = new Int32Array(new SharedArrayBuffer(4));
    const until = moment() + longestStart;
    do {
      Atomics.wait(pause, 0, 0, (4 * this.#interval) / 1000);
      this.#next();
    } while (this.#pieces.every(({ profile }) => profile.samples.length < enoughSamples) && moment() < until);
    this.#pieces = [];
  }

  /** Titles are shared with every other recording in this process. */
  #title(): string {
    return `timesink region ${this.#number}`;
  }

  /** Ends a piece; the next one begins before, so that no sample is lost. */
  #next(): void {
    if (this.#session === undefined) return;
    const ending = this.#title();
    this.#console?.profile(`timesink region ${this.#number + 1}`);
    this.#end(ending);
    this.#number++;
  }

  #stop(): void {
    this.#end(this.#title());
    this.#number++;
    this.#session?.disconnect();
    this.#session = undefined;
  }

  #end(title: string): void {
    this.#finished = undefined;
    this.#console?.profileEnd(title);
    if (this.#finished === undefined) return;
    const profile = readProfile(new Place('the profile of V8', '', this.#finished), 'foreign');
    this.#pieces.push({ profile, until: moment() });
    this.#finished = undefined;
    if (this.#pieces.length >= mostPieces) this.#pieces = [joinedPiece(this.#pieces)];
  }

  #plan(): void {
    cancel(this.#timer);
    if (this.#session === undefined) return;
    const isUsed = this.#uses.size > 0;
    const act = (): void => {
      if (isUsed) this.#next();
      else this.#stop();
      if (!isUsed) this.#pieces = [];
      this.#plan();
    };
    this.#timer = later(act, isUsed ? longestPiece : restTime);
    this.#timer.unref();
  }
}

function joinedPiece(pieces: readonly Piece[]): Piece {
  const { tree, samples, times } = joinProfiles(pieces.map(({ profile }) => profile));
  const weights = times.map((time, sample) => (times[sample + 1] ?? time) - time);
  const until = Math.max(...pieces.map((piece) => piece.until));
  return { profile: tree.finish({ samples, weights, start: times[0] ?? until }), until };
}

/** The one of this thread. */
export const regionSampler: RegionSampler = new RegionSampler();

function inspector(): Inspector {
  const found = process.getBuiltinModule('node:inspector') as unknown as Inspector | undefined;
  if (found !== undefined) return found;
  throw new TimesinkError(
    'UNSUPPORTED_RUNTIME',
    'this Node.js was built without its inspector, which recording needs',
    {
      hint: 'Use one from nodejs.org.',
    },
  );
}
