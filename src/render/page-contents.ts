/** What does a page carry besides the session, and under which names? Known to the writer of pages and to the page itself. */

/** Ids of the elements of a page that hold data, each as base64 of gzip. */
export const pageElements = {
  /** The session: the bytes of a `.timesink` file. */
  session: 'timesink-session',
  /** An earlier session to compare with, in the same form; empty where there is none. */
  before: 'timesink-before',
  /** {@link PageContents} as JSON. */
  contents: 'timesink-contents',
} as const;

/** What the page shows at first, before anyone changes it. */
export interface PageDefaults {
  /** Begin with the view in the order of time. */
  readonly timeline: boolean;
  /** Keep every frame. */
  readonly showAll: boolean;
  /** Least share of the whole that a frame must have, 0 to 1. */
  readonly filterThreshold: number;
  /** Sources of regular expressions for file paths; null: none. */
  readonly hide: string | null;
  readonly show: string | null;
  /** A tree for every thread, and every process. */
  readonly threads: boolean;
  readonly subprocesses: boolean;
  readonly time: 'seconds' | 'percent_of_total';
}

/** How the page's session is compared with the earlier one. */
export interface PageComparison {
  /** What the reader knows the recordings by, such as the names of their files. */
  readonly names: { readonly before: string; readonly after: string };
  /** Shares of the total at first, not seconds. */
  readonly normalize: boolean;
  /** Least change that is shown at first, as a share of the whole, 0 to 1. */
  readonly filterThreshold: number;
}

/** Text of one source file: its name as in the recording, and what it says. */
export type SourceText = readonly [file: string, text: string];

/** All texts together, in bytes of UTF-8. */
export const mostSourceBytes = 500_000;

/** A file whose text is not there though much of the time was spent in it, and why. */
export type LeftOutSource = readonly [file: string, reason: 'no room' | 'unreadable'];

/** All of it. */
export interface PageContents {
  readonly defaults: PageDefaults;
  /** Files in which much of the time was spent, as they were when the page was made. */
  readonly sources: readonly SourceText[];
  /** Absent where no sources were asked for. */
  readonly leftOut?: readonly LeftOutSource[];
  /** Where there is an earlier session. */
  readonly comparison?: PageComparison;
}
