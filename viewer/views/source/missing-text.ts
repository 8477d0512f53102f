/** Why is the text of a file not in the page? */

import { mostSourceBytes, type PageContents } from '../../../src/render/page-contents.ts';
import { counted } from '../../../src/render/time-format.ts';

const most = `${mostSourceBytes / 1000} kB`;

/** One sentence for one file. */
export function missingText({ leftOut }: PageContents, file: string): string {
  if (file.startsWith('<'))
    return 'There is no file to read: this code was made by the program, or came with the interpreter.';
  if (leftOut === undefined) return 'This page was made without source text (--no-source).';
  const reason = leftOut.find(([name]) => name === file)?.[1];
  if (reason === 'no room') return `The text of this file was left out: a page carries ${most} of source at most.`;
  if (reason === 'unreadable') return 'This file could not be read where the page was made.';
  return 'The text of this file was left out: hardly any time was spent in it.';
}

/** One sentence for all files; `''` where none is missing. */
export function allMissingText({ leftOut }: PageContents): string {
  if (leftOut === undefined) return 'This page was made without source text.';
  const noRoom = leftOut.filter(([, reason]) => reason === 'no room').length;
  const unreadable = leftOut.length - noRoom;
  const parts = [
    ...(noRoom > 0 ? [`${counted(noRoom, 'file')} for which there was no room (a page carries ${most} at most)`] : []),
    ...(unreadable > 0 ? [`${counted(unreadable, 'file')} that could not be read`] : []),
  ];
  return parts.length === 0 ? '' : `Without text: ${parts.join('; ')}.`;
}
