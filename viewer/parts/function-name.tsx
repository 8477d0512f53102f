/** How is a function written? Names and paths come from the recording: they are text, whatever is in them. */
import type { VNode } from 'preact';
import { escapeControls } from '../../src/render/terminal-text.ts';
import type { FrameIdentity } from '../../src/tree/call-node.ts';
import type { ShortPath } from '../../src/tree/short-path.ts';

/** Longer names and paths are cut in rows; tips have more, and copying has all. */
const longestShown = 400;

/** Text that can neither reorder what stands beside it nor make the browser lay out kilobytes for one row. */
export function shownText(text: string): string {
  const cut = text.length > longestShown ? `${text.slice(0, longestShown)}…` : text;
  return escapeControls(cut);
}

/** `path/file.py:12`; the path as recorded unless it is shortened. `''` for what has no file. */
export function placeOf({ file, firstLine }: FrameIdentity, shortPath: ShortPath = (path) => path): string {
  if (file === null || file === '') return '';
  return firstLine === 0 ? shortPath(file) : `${shortPath(file)}:${firstLine}`;
}

/** What to write. */
export interface FunctionNameProps {
  readonly name: string;
  readonly place: string;
  readonly isApplication: boolean;
  readonly isFound: boolean;
}

/** Name and place in one line. */
export function FunctionName({ name, place, isApplication, isFound }: FunctionNameProps): VNode {
  const nameClass = `name${isApplication ? ' own' : ''}${isFound ? ' found' : ''}`;
  return (
    <>
      <bdi class={nameClass}>{shownText(name)}</bdi>
      {place === '' ? null : <bdi class="place">{shownText(place)}</bdi>}
    </>
  );
}
