/** How does a program record a part of itself? */
import { Region } from '../capture/node/region/region.ts';
import { regionSession } from '../capture/node/region/region-session.ts';
import { TimesinkError } from '../util/errors.ts';
import { placeOfCall } from './call-place.ts';
import { type ProfilerOptions, type SettledOptions, settle } from './profiler-options.ts';
import { RecordedSession } from './recorded-session.ts';

/** The recording of one call, with what it returned. */
export class ProfiledCall<Result> extends RecordedSession {
  readonly result: Result;

  constructor(session: RecordedSession, result: Result) {
    super(session);
    this.result = result;
  }
}

/**
 * Records what happens between two moments, as far as the caller does it: its async context, and not what else goes on in
 * the process.
 */
export class Profiler implements Disposable {
  readonly #options: SettledOptions;
  #region: Region | undefined;
  #title = '';
  #session: RecordedSession | undefined;

  /** @throws TimesinkError USAGE */
  constructor(options: ProfilerOptions = {}) {
    this.#options = settle(options);
  }

  /** The newest recording; undefined before the first `stop`. */
  get session(): RecordedSession | undefined {
    return this.#session;
  }

  get isRunning(): boolean {
    return this.#region !== undefined;
  }

  /**
   * Begins to record what the caller does from here on.
   * @throws TimesinkError USAGE where it is running already, UNSUPPORTED_RUNTIME where Node.js has no inspector
   */
  start(): this {
    if (this.#region !== undefined) throw new TimesinkError('USAGE', 'the profiler is running already');
    this.#title = this.#titleFor(this.start);
    const region = new Region(this.#options.region);
    this.#region = region;
    region.enter(this.start);
    return this;
  }

  /**
   * Ends the recording.
   * @throws TimesinkError USAGE where it is not running
   */
  stop(): RecordedSession {
    const region = this.#region;
    if (region === undefined) {
      throw new TimesinkError('USAGE', 'the profiler is not running', { hint: 'Call start() before stop().' });
    }
    this.#region = undefined;
    const { interval, onEnd } = this.#options;
    const session = new RecordedSession(regionSession(region.finish(), { interval, description: this.#title }));
    this.#session = session;
    onEnd?.(session);
    return session;
  }

  /**
   * Calls `work`, and records it and what comes of it, its promises and callbacks, until `stop`. May be called again
   * meanwhile: what both calls do belongs to the recording.
   */
  run<Result>(work: () => Result): Result {
    if (this.#region === undefined) {
      this.#title = this.#titleFor(this.run);
      this.#region = new Region(this.#options.region);
    }
    return this.#region.run(work);
  }

  /** Ends the recording without a result. */
  cancel(): void {
    const region = this.#region;
    this.#region = undefined;
    region?.discard();
  }

  /** For `using`: stops, if it is running. Where nobody asked for the recording, it goes to standard error. */
  [Symbol.dispose](): void {
    if (this.#region === undefined) return;
    const session = this.stop();
    if (this.#options.onEnd === undefined) session.print({ to: process.stderr });
  }

  #titleFor(begin: (...args: never[]) => unknown): string {
    return this.#options.description ?? titleAt(placeOfCall(begin));
  }
}

const titleAt = (place: string): string => (place === '' ? 'Profile' : `Profile at ${place}`);

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof (value as { then?: unknown } | null | undefined)?.then === 'function';
}

/**
 * Records one call. Of an async function, all that it does until its promise is settled, and only that: other requests of a
 * server that go on meanwhile are no part of it.
 *
 * When `work` throws, so does this; the recording goes to `onEnd`, else to standard error.
 * @throws TimesinkError USAGE for wrong options, and what is no function
 */
export function profile<Result>(
  work: () => PromiseLike<Result>,
  options?: ProfilerOptions,
): Promise<ProfiledCall<Result>>;
export function profile<Result>(work: () => Result, options?: ProfilerOptions): ProfiledCall<Result>;
export function profile<Result>(
  work: () => Result,
  options: ProfilerOptions = {},
): ProfiledCall<Result> | Promise<ProfiledCall<Awaited<Result>>> {
  if (typeof work !== 'function') {
    throw new TimesinkError('USAGE', 'profile() takes the function to record', {
      hint: 'Such as: profile(() => work()).',
    });
  }
  const profiler = new Profiler({ ...options, description: options.description ?? titleAt(placeOfCall(profile)) });
  const showAndThrow = (error: unknown): never => {
    profiler[Symbol.dispose]();
    throw error;
  };
  let result: Result;
  try {
    result = profiler.run(work);
  } catch (error) {
    return showAndThrow(error);
  }
  if (!isThenable(result)) return new ProfiledCall(profiler.stop(), result);
  const settled = Promise.resolve(result as PromiseLike<Awaited<Result>>);
  return settled.then((value) => new ProfiledCall(profiler.stop(), value), showAndThrow);
}
