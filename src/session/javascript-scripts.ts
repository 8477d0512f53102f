/** What is known of the scripts that a profile names: their text, and what they were made from? */

/** A place in the source that a person wrote. Line and column count from 0. */
export interface OriginalPosition {
  /** As reports name it. */
  readonly file: string;
  readonly lineNumber: number;
  readonly columnNumber: number;
  /** What stands there under another name in the code that ran; null where it is not known. */
  readonly name: string | null;
}

/** A script that ran. */
export interface Script {
  /** Its own text, undefined where it cannot be had or is not what ran. */
  readonly text: string | undefined;
  /** Whether it was made from other files. */
  readonly isMapped: boolean;
  /** The file that all of it was made from; null where there are several. */
  readonly onlySource: string | null;
  /** Where what is at a place of a mapped script comes from. Line and column count from 0. */
  original(lineNumber: number, columnNumber: number): OriginalPosition | null;
  /** The same for a whole line: null unless all of it comes from one line. */
  originalLine(lineNumber: number): Pick<OriginalPosition, 'file' | 'lineNumber'> | null;
}

/** Gives scripts and source files, each read once. */
export interface Scripts {
  script(url: string): Script;
  /** The text of a file that an {@link OriginalPosition} names. */
  sourceText(file: string): string | undefined;
}

const unknownScript: Script = {
  text: undefined,
  isMapped: false,
  onlySource: null,
  original: () => null,
  originalLine: () => null,
};

/** Where no file can be read. */
export const noScripts: Scripts = { script: () => unknownScript, sourceText: () => undefined };
