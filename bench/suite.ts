/** What a benchmark suite is given and what it hands back. */

/** How to run: from the command line of `npm run bench`. */
export interface Options {
  /** Short runs that show whether a suite works; their figures are not written down. */
  readonly quick: boolean;
  /** Seconds of work per measured run; each suite has its own default. */
  readonly seconds: number | undefined;
  /** A suite that repeats its runs begins nothing new after so many minutes, once it has what it needs. */
  readonly minutes: number;
  /** Only programs, kinds or profilers with these names; empty: all. */
  readonly only: readonly string[];
  /** Only these Python versions, such as `3.13`; empty: all that are found. */
  readonly pythons: readonly string[];
  /** Only these major versions of Node.js, such as `22`, beside the one that runs the benchmarks; empty: all that are found. */
  readonly nodes: readonly string[];
  /** Processes for each kind and version, where a suite starts several. */
  readonly processes: number;
}

/** Figures side by side. Every row has as many cells as there are columns. */
export interface Table {
  readonly title: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/** A promise about speed or truth, and what was found. */
export interface Budget {
  readonly what: string;
  readonly limit: string;
  readonly measured: string;
  /** Undefined where it could not be measured; `measured` then says why. */
  readonly met: boolean | undefined;
}

export interface SuiteResult {
  readonly tables: readonly Table[];
  readonly budgets: readonly Budget[];
  /** What a reader of the figures must know, such as a profiler that could not be run; a sentence each. */
  readonly notes: readonly string[];
}

/** One question and the way to answer it by measuring. */
export interface Suite {
  readonly name: string;
  readonly title: string;
  run(options: Options): Promise<SuiteResult>;
}

/** Says on stderr how far a suite is. */
export function progress(message: string): void {
  process.stderr.write(`${new Date().toISOString().slice(11, 19)} ${message}\n`);
}

/** Those of `all` that were asked for by name; all of them when none was. */
export function chosen<T>(options: Options, all: readonly T[], nameOf: (each: T) => string): readonly T[] {
  const named = all.filter((each) => options.only.includes(nameOf(each)));
  return named.length > 0 ? named : all;
}

/** A budget that needs `measured` to be at most `limit`; undefined or NaN: not measured. */
export function atMost(
  what: string,
  measured: number | undefined,
  limit: number,
  show: (value: number) => string,
): Budget {
  const known = measured !== undefined && Number.isFinite(measured);
  return {
    what,
    limit: `≤ ${show(limit)}`,
    measured: known ? show(measured) : 'not measured in this run',
    met: known ? measured <= limit : undefined,
  };
}

/** A budget that needs `measured` to be at least `limit`. */
export function atLeast(
  what: string,
  measured: number | undefined,
  limit: number,
  show: (value: number) => string,
): Budget {
  const known = measured !== undefined && Number.isFinite(measured);
  return {
    what,
    limit: `≥ ${show(limit)}`,
    measured: known ? show(measured) : 'not measured in this run',
    met: known ? measured >= limit : undefined,
  };
}
