/** What is the text inside a `.timesink` file? One JSON object per line: a header, then parts; docs/session-format.md. */

/** First line of the text, together with the version. */
export const formatName = 'timesink';

/** Turns a part (a parsed line) of one version into that of the next. Parts are from a file: of any shape at all. */
export type Upgrade = (part: unknown) => unknown;

/** Entry n − 1 turns parts of version n into parts of version n + 1. */
export const upgrades: readonly Upgrade[] = [];

/** Entries of one part's columns, at most: keeps every line small, whatever the length of the recording. */
export const partLength = 65_536;
