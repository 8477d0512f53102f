/** Is what a file holds of the shape its reader expects? If not: which file, where in it, what was found instead. */
import { TimesinkError } from '../util/errors.ts';

/** The error for a file that is not what it should be. `path` is the place inside it, `''` for the whole. */
export function invalidFile(
  file: string,
  path: string,
  problem: string,
  options: { hint?: string; cause?: unknown } = {},
): TimesinkError {
  return new TimesinkError('INVALID_FILE', `${file}: ${path === '' ? problem : `${path}: ${problem}`}`, options);
}

/** The error for a file that is of another kind. */
export function notASession(file: string, cause?: unknown): TimesinkError {
  const hint =
    'Recordings are .timesink, .pyisession and .cpuprofile files, files of speedscope, and traces of Chrome.';
  return invalidFile(file, '', 'not a recorded session', { hint, cause });
}

/** In seconds, 30 million years: sums of as many as a file can hold are finite, and small enough for any format. */
export const longestTime = 1e15;

/** Whether a member that may be missing is missing. */
export function isAbsent({ value }: Pick<Place, 'value'>): boolean {
  return value === undefined || value === null;
}

/** What a JSON value is, in words for an error message. */
function describeValue(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object') return 'an object';
  return typeof value === 'boolean' ? `${value}` : `a ${typeof value}`;
}

/**
 * A JSON value and its place in a file. Every reading method gives the value in its type or throws a TimesinkError
 * `INVALID_FILE` that names file and place.
 */
export class Place {
  readonly file: string;
  readonly value: unknown;
  readonly #parent: Place | undefined;
  readonly #key: string | number;

  /**
   * @param path of the place; within `parent`, the name of a member or the number of an entry
   * @param parent undefined: what `path` says is all
   */
  constructor(file: string, path: string | number, value: unknown, parent?: Place) {
    this.file = file;
    this.#key = path;
    this.value = value;
    this.#parent = parent;
  }

  /** Such as `nodes[3].callFrame`. Put together when it is asked for: most places are never spoken of. */
  get path(): string {
    const keys: (string | number)[] = [];
    for (let at: Place | undefined = this; at !== undefined; at = at.#parent) keys.push(at.#key);
    let path = '';
    for (const key of keys.reverse()) path += typeof key === 'number' ? `[${key}]` : path === '' ? key : `.${key}`;
    return path;
  }

  /** The error "expected this, found that" for this place. */
  unexpected(expected: string): TimesinkError {
    return this.invalid(`expected ${expected}, found ${describeValue(this.value)}`);
  }

  /** The error for this place. */
  invalid(problem: string): TimesinkError {
    return invalidFile(this.file, this.path, problem);
  }

  /** The place of a member; its value is undefined where there is none. */
  at(key: string): Place {
    const { value } = this;
    if (typeof value !== 'object' || value === null || Array.isArray(value)) throw this.unexpected('an object');
    const member = Object.hasOwn(value, key) ? (value as Record<string, unknown>)[key] : undefined;
    return new Place(this.file, key, member, this);
  }

  list(): readonly unknown[] {
    if (!Array.isArray(this.value)) throw this.unexpected('a list');
    return this.value;
  }

  /** The place of a list's entry. */
  entry(index: number): Place {
    return new Place(this.file, index, this.list()[index], this);
  }

  /** The places of a list's entries. */
  entries(): readonly Place[] {
    return this.list().map((_, index) => this.entry(index));
  }

  string(): string {
    if (typeof this.value !== 'string') throw this.unexpected('a string');
    return this.value;
  }

  strings(): readonly string[] {
    const values = this.list();
    const wrong = values.findIndex((value) => typeof value !== 'string');
    if (wrong >= 0) throw this.entry(wrong).unexpected('a string');
    return values as readonly string[];
  }

  /** One of the words given. */
  oneOf<T extends string>(words: readonly T[]): T {
    const found = words.find((word) => word === this.value);
    if (found === undefined) throw this.unexpected(`one of ${words.join(', ')}`);
    return found;
  }

  boolean(): boolean {
    if (typeof this.value !== 'boolean') throw this.unexpected('true or false');
    return this.value;
  }

  /** A number that is neither infinite nor NaN (JSON can say `1e999`). */
  number(): number {
    if (typeof this.value !== 'number') throw this.unexpected('a number');
    if (!Number.isFinite(this.value)) throw this.invalid('the number is too large');
    // Negative zero, which JSON can say, becomes zero.
    return this.value + 0;
  }

  /** A {@link number} that is not negative. */
  amount(): number {
    const value = this.number();
    if (value < 0) throw this.invalid(`expected a number that is not negative, found ${value}`);
    return value;
  }

  /** A length of time in seconds. */
  time(): number {
    const value = this.amount();
    if (value > longestTime) throw this.invalid('the time is too long');
    return value;
  }

  /** A whole number from 0 to 2^53 − 1. */
  count(): number {
    const value = this.amount();
    if (!Number.isSafeInteger(value)) throw this.invalid(`expected a whole number, found ${value}`);
    return value;
  }
}
