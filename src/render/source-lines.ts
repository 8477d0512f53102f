/** What does a line of source code say? */
import type { SourceReader } from './renderer.ts';

/** The text of a line, counted from 1, without blanks around it; undefined where it cannot be had. */
export type SourceLine = (file: string, line: number) => string | undefined;

/** Reads each file once. */
export function sourceLines(readSource: SourceReader | undefined): SourceLine {
  const known = new Map<string, readonly string[]>();
  return (file, line) => {
    if (readSource === undefined || file.startsWith('<')) return undefined;
    let lines = known.get(file);
    if (lines === undefined) {
      lines = readSource(file)?.split(/\r\n|\r|\n/) ?? [];
      known.set(file, lines);
    }
    return lines[line - 1]?.trim();
  };
}
