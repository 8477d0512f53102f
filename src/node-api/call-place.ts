/** Where in the program was the recording started? */
import { findSourceMap } from 'node:module';
import { fileURLToPath } from 'node:url';
import { AwaitStacks, captureStack } from '../capture/node/preload/stack-capture.ts';

/** File and line of whoever called `below`, as `app.ts:12`; `''` where that cannot be told. */
export function placeOfCall(below: (...args: never[]) => unknown): string {
  const stacks = new AwaitStacks();
  const number = stacks.numberOf(captureStack(below), false);
  const [frame] = number === undefined ? [] : (stacks.stacks[number] ?? []);
  if (frame === undefined) return '';
  const [, url, line, column] = frame;
  const original = originalPlace(url, line, column);
  return original ?? `${pathOf(url)}:${line}`;
}

function originalPlace(url: string, line: number, column: number): string | undefined {
  try {
    const entry = findSourceMap(url)?.findEntry(line - 1, column - 1);
    if (entry === undefined || !('originalSource' in entry)) return undefined;
    return `${pathOf(entry.originalSource)}:${entry.originalLine + 1}`;
  } catch {
    return undefined;
  }
}

function pathOf(url: string): string {
  return url.startsWith('file://') ? fileURLToPath(url) : url;
}
