/** Which frames does a speedscope file share among its profiles? */
import type { SessionBuilder } from './builder.ts';
import type { Place } from './check.ts';
import { kindOfFrame } from './frame-text.ts';
import type { FrameIndex, StackIndex } from './ids.ts';
import type { FrameInfo } from './session.ts';

/** Distinct frames and distinct stacks: what fits into memory, and far more than a program has. */
const maxFrames = 2 ** 21;
const maxStacks = 2 ** 24;

/** What pyinstrument writes for time in the caller itself, and above several outermost frames. */
const callerNames: ReadonlySet<string> = new Set(['[self]', '[root]']);

const none = -1;

/** The frames of a file, and the stacks that are made of them. */
export class SpeedscopeFrames {
  readonly length: number;
  readonly #builder: SessionBuilder;
  readonly #infos: FrameInfo[] = [];
  /** By position in the file: see {@link SessionBuilder.location}; −1 for a frame that stands for its caller. */
  readonly #locations: Int32Array;
  /** By number of a location. */
  readonly #frames: FrameIndex[] = [];

  /** @throws TimesinkError INVALID_FILE */
  constructor(place: Place, builder: SessionBuilder) {
    this.#builder = builder;
    this.length = place.list().length;
    if (this.length > maxFrames) throw place.invalid('too many frames to be read');
    this.#locations = new Int32Array(this.length).fill(none);
    for (let position = 0; position < this.length; position++) this.#add(place.entry(position), position);
  }

  #add(place: Place, position: number): void {
    const frame = readFrame(place);
    if (frame.file === null && callerNames.has(frame.functionName)) return;
    const index = this.#builder.frame(frame);
    const location = this.#builder.location(index, -1);
    this.#locations[position] = location;
    this.#frames[location] = index;
    this.#infos[index] = frame;
  }

  /** What the session says of a frame. */
  info(index: FrameIndex): FrameInfo | undefined {
    return this.#infos[index];
  }

  /** The frame on top of a stack. */
  topOf(stack: StackIndex): FrameIndex | undefined {
    return this.#frames[this.#builder.locationOf(stack)];
  }

  /**
   * The stack that has a frame on top of `stack`.
   * @param position of the frame in the file: a whole number below `length`
   * @param place to name when there are too many stacks
   */
  child(stack: StackIndex, position: number, place: Place): StackIndex {
    const location = this.#locations[position] as number;
    if (location === none) return stack;
    const child = this.#builder.child(stack, location);
    if (child >= maxStacks) throw place.invalid('too many different stacks to be read');
    return child;
  }
}

function readFrame(place: Place): FrameInfo {
  const functionName = place.at('name').string();
  const filePlace = place.at('file');
  const file = filePlace.value === undefined || filePlace.value === null ? null : filePlace.string();
  const kind = kindOfFrame(functionName, file);
  return { kind, functionName, file, firstLine: readLine(place.at('line')), className: null, hidden: false };
}

/** Negative ones, which some programs write, mean that the line is not known. */
function readLine(place: Place): number {
  const { value } = place;
  if (value === undefined || value === null || (Number.isSafeInteger(value) && (value as number) < 0)) return 0;
  return place.count();
}
