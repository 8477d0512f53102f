/** When was a thread where, by a profile of a speedscope file? */
import type { ThreadBuilder } from './builder.ts';
import type { Place } from './check.ts';
import { type FrameIndex, noStack, type StackIndex } from './ids.ts';
import type { SpeedscopeFrames } from './speedscope-frames.ts';

/** Units of the format by how many of them are a second; null for what is not time. */
const unitsPerSecond = {
  seconds: 1,
  milliseconds: 1e3,
  microseconds: 1e6,
  nanoseconds: 1e9,
  bytes: null,
  none: null,
} as const;

type Unit = keyof typeof unitsPerSecond;

/** What a profile says of itself. */
export interface ProfileSpan {
  readonly place: Place;
  readonly name: string;
  readonly kind: 'evented' | 'sampled';
  readonly unitsPerSecond: number;
  /** In the profile's unit, on a clock whose zero is unknown. */
  readonly startValue: number;
  readonly endValue: number;
  /** `startValue` in seconds. */
  readonly start: number;
}

/** What came out of a profile's rows; times in seconds on the clock of {@link ProfileSpan.start}. */
export interface ProfileRows {
  readonly start: number;
  /** Of the last row, or what the profile calls its end where that is later. */
  readonly end: number;
  /** Outermost frame of the first row that has one. */
  readonly outermost: FrameIndex | undefined;
}

/** @throws TimesinkError INVALID_FILE, also for profiles of anything but time */
export function readProfileSpan(place: Place): ProfileSpan {
  const kind = place.at('type').oneOf(['evented', 'sampled']);
  const unitPlace = place.at('unit');
  const unit = unitPlace.oneOf<Unit>(Object.keys(unitsPerSecond) as Unit[]);
  const perSecond = unitsPerSecond[unit];
  if (perSecond === null) throw unitPlace.invalid(`expected a unit of time, found ${unit}`);
  const startValue = place.at('startValue').number();
  const endValue = place.at('endValue').number();
  if (endValue < startValue) throw place.at('endValue').invalid('it is before startValue');
  const name = place.at('name').string();
  return { place, name, kind, unitsPerSecond: perSecond, startValue, endValue, start: startValue / perSecond };
}

/**
 * Reads a profile into `thread`.
 * @throws TimesinkError INVALID_FILE
 */
export function readProfileRows(span: ProfileSpan, frames: SpeedscopeFrames, thread: ThreadBuilder): ProfileRows {
  return span.kind === 'evented' ? readEvents(span, frames, thread) : readSamples(span, frames, thread);
}

function readEvents(span: ProfileSpan, frames: SpeedscopeFrames, thread: ThreadBuilder): ProfileRows {
  const place = span.place.at('events');
  const events = place.list();
  const calls = new OpenCalls(span, frames, thread);
  for (let index = 0; index < events.length; index++) {
    const event = events[index];
    if (typeof event !== 'object' || event === null) throw place.entry(index).unexpected('an object');
    const { type, at, frame } = event as Readonly<Record<string, unknown>>;
    const time =
      typeof at === 'number' && at >= calls.time && at < Infinity ? at : readTime(place.entry(index), calls.time);
    const position = isPosition(frame, frames) ? frame : readPosition(place.entry(index).at('frame'), frames);
    if (type === 'O') calls.begin(time, position, place);
    else if (type === 'C') calls.end(time, position, place, index);
    else throw place.entry(index).at('type').unexpected('one of O, C');
  }
  if (calls.depth > 0) throw place.invalid(`the last ${calls.depth} frames are opened, but not closed`);
  return {
    start: calls.start / span.unitsPerSecond,
    end: Math.max(calls.time, span.endValue) / span.unitsPerSecond,
    outermost: calls.outermost,
  };
}

/** The calls that have begun and not ended, while events are read in order. */
class OpenCalls {
  /** Of the last event. */
  time: number;
  /** Of the first event. */
  start: number;
  outermost: FrameIndex | undefined;
  readonly #frames: SpeedscopeFrames;
  readonly #thread: ThreadBuilder;
  readonly #unitsPerSecond: number;
  readonly #positions: number[] = [];
  readonly #stacks: StackIndex[] = [noStack];
  #isEmpty = true;
  #lastBegan = false;

  constructor({ startValue, unitsPerSecond }: ProfileSpan, frames: SpeedscopeFrames, thread: ThreadBuilder) {
    this.time = startValue;
    this.start = startValue;
    this.#frames = frames;
    this.#thread = thread;
    this.#unitsPerSecond = unitsPerSecond;
  }

  get depth(): number {
    return this.#positions.length;
  }

  begin(time: number, position: number, events: Place): void {
    if (this.#isEmpty) this.start = time;
    else if (time > this.time) this.#addRow(time);
    this.#isEmpty = false;
    this.#lastBegan = true;
    this.time = time;
    const top = this.#stacks[this.depth] as StackIndex;
    const stack = this.#frames.child(top, position, events);
    if (stack >= 0) this.outermost ??= this.#frames.topOf(stack);
    this.#positions.push(position);
    this.#stacks.push(stack);
  }

  end(time: number, position: number, events: Place, index: number): void {
    const innermost = this.#positions.at(-1);
    if (innermost !== position) {
      const found = innermost === undefined ? 'none is open' : `${innermost} is the innermost one that is open`;
      throw events.entry(index).invalid(`it closes frame ${position}, but ${found}`);
    }
    if (time > this.time || this.#lastBegan) this.#addRow(time);
    this.#lastBegan = false;
    this.time = time;
    this.#positions.pop();
    this.#stacks.pop();
  }

  /** The innermost call had the time since the last event. */
  #addRow(time: number): void {
    this.#thread.addRow(this.#stacks[this.depth] as StackIndex, (time - this.time) / this.#unitsPerSecond, 0);
  }
}

function readSamples(span: ProfileSpan, frames: SpeedscopeFrames, thread: ThreadBuilder): ProfileRows {
  const [samplePlace, weightPlace] = [span.place.at('samples'), span.place.at('weights')];
  const [samples, weights] = [samplePlace.list(), weightPlace.list()];
  if (weights.length !== samples.length) {
    throw weightPlace.invalid(`expected ${samples.length} entries, one for each sample, found ${weights.length}`);
  }
  let total = 0;
  let outermost: FrameIndex | undefined;
  for (let index = 0; index < samples.length; index++) {
    const sample = samples[index];
    if (!Array.isArray(sample)) throw samplePlace.entry(index).unexpected('a list');
    let stack = noStack;
    for (let depth = 0; depth < sample.length; depth++) {
      const frame: unknown = sample[depth];
      const position = isPosition(frame, frames) ? frame : readPosition(samplePlace.entry(index).entry(depth), frames);
      stack = frames.child(stack, position, samplePlace);
      if (stack >= 0) outermost ??= frames.topOf(stack);
    }
    const value = weights[index];
    const weight =
      typeof value === 'number' && value > 0 && value < Infinity ? value : weightPlace.entry(index).amount();
    total += weight;
    thread.addRow(stack, weight / span.unitsPerSecond, 0);
  }
  return {
    start: span.start,
    end: Math.max(span.startValue + total, span.endValue) / span.unitsPerSecond,
    outermost,
  };
}

function isPosition(value: unknown, frames: SpeedscopeFrames): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0 && value < frames.length;
}

/** Says what is wrong with the place of a frame. */
function readPosition(place: Place, frames: SpeedscopeFrames): never {
  const position = place.count();
  throw place.invalid(`there is no frame ${position}, only ${frames.length} frames`);
}

/** Says what is wrong with the time of an event. */
function readTime(event: Place, last: number): never {
  const at = event.at('at');
  const time = at.number();
  throw at.invalid(`expected times in ascending order, found ${time} after ${last}`);
}
