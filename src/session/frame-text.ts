/** How a frame is written in a `.pyisession`: `FUNCTION NUL FILE NUL FIRSTLINE`, then marks after U+0001. */
import type { FrameInfo, FrameKind } from './session.ts';

/** A frame and the line it was at (−1: unknown). */
export interface FrameAtLine {
  readonly frame: FrameInfo;
  readonly line: number;
}

const kindOfFile = new Map<string, FrameKind>([
  ['<built-in>', 'builtin'],
  ['<thread>', 'thread'],
]);

const kindOfName = new Map<string, FrameKind>([
  ['[await]', 'await'],
  ['[out-of-context]', 'out-of-context'],
  ['[not sampled]', 'not-sampled'],
  ['(idle)', 'idle'],
  ['(garbage collector)', 'gc'],
  ['(program)', 'native'],
]);

/** Files of JavaScript and TypeScript, and modules of Node.js. */
const javascriptFile = /\.[cm]?[jt]sx?$|^node:/;

const maxLine = 0x7fffffff;

/**
 * Takes a frame's text apart (format: pyinstrument 5.1.3 behaviour). Marks other than `c`, `l`, `h` are ignored.
 * @returns what is wrong, as a string, when it is not a frame's text
 */
export function parseFrame(text: string): FrameAtLine | string {
  const [identifier = '', ...marks] = text.split('\u0001');
  const [functionName = '', file, firstLineText, ...rest] = identifier.split('\0');
  if (rest.length > 0 || (file === undefined) !== (firstLineText === undefined)) {
    return 'expected a frame as a name, or as function, file and line with U+0000 between them';
  }
  const firstLine = firstLineText === undefined ? 0 : wholeNumber(firstLineText);
  if (firstLine === null) return `expected a line number, found ${JSON.stringify(firstLineText?.slice(0, 40))}`;
  const lineText = markValue(marks, 'l') ?? '-1';
  const line = lineText === '-1' ? -1 : wholeNumber(lineText);
  if (line === null || line > maxLine) return `expected a line number, found ${JSON.stringify(lineText.slice(0, 40))}`;
  const kind = kindOfFrame(functionName, file ?? null);
  const className = markValue(marks, 'c') ?? null;
  const hidden = markValue(marks, 'h') === '1';
  return { frame: { kind, functionName, file: file ?? null, firstLine, className, hidden }, line };
}

/** What a frame stands for, in files of pyinstrument: its file says so, or its name where it has none. */
export function kindOfFrame(functionName: string, file: string | null): FrameKind {
  if (file === null) return kindOfName.get(functionName) ?? 'python';
  return kindOfFile.get(file) ?? (javascriptFile.test(file) ? 'javascript' : 'python');
}

/** The text of a frame at a line (−1: unknown). Separators inside names become U+FFFD, so that the text stays readable. */
export function formatFrame(frame: FrameInfo, line: number): string {
  const file = frame.file ?? (frame.kind === 'builtin' ? '<built-in>' : null);
  const functionName = withoutSeparators(frame.functionName);
  let text = file === null ? functionName : `${functionName}\0${withoutSeparators(file)}\0${frame.firstLine}`;
  if (frame.className !== null) text += `\u0001c${withoutSeparators(frame.className)}`;
  if (line >= 0) text += `\u0001l${line}`;
  if (frame.hidden) text += '\u0001h1';
  return text;
}

function markValue(marks: readonly string[], mark: string): string | undefined {
  return marks.find((entry) => entry.startsWith(mark))?.slice(mark.length);
}

/** Only numbers that are written back as they were read: no sign, no leading zeros, exact as a double. */
function wholeNumber(text: string): number | null {
  const value = /^(0|[1-9][0-9]{0,15})$/.test(text) ? Number(text) : Number.NaN;
  return Number.isSafeInteger(value) ? value : null;
}

function withoutSeparators(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these two are the format's separators.
  return /[\0\u0001]/.test(text) ? text.replaceAll(/[\0\u0001]/g, '\ufffd') : text;
}
