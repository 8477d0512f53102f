/** What is the tab called that shows a page, and the file that is saved from it? */
import type { SessionMeta } from '../session/session.ts';
import { unicodeGlyphs } from './style.ts';
import { escapeControls, truncate } from './terminal-text.ts';
import { roundTime } from './time-format.ts';

const longestName = 60;

/** `12.3 s · app.py · timesink`: how long it took, and what was recorded. */
export function pageTitle({ duration, description }: Pick<SessionMeta, 'duration' | 'description'>): string {
  const name = truncate(escapeControls(recordedName(description)), longestName, '…');
  const parts = [roundTime(duration, unicodeGlyphs), name, 'timesink'];
  return parts.filter((part) => part !== '').join(' · ');
}

/**
 * What was recorded in one word, without its folders: of `Program: a/app.py --fast` the program, after options such as `-m`;
 * of another text the last word. `''` where there is none.
 */
export function recordedName(description: string): string {
  const [, command] = /^[A-Z][\w ]*: +(.*)$/s.exec(description) ?? [];
  const words = (command ?? description).split(/\s+/).map((word) => word.split(/[/\\]/).findLast(Boolean) ?? '');
  const isName = (word: string): boolean => word !== '' && !word.startsWith('-');
  return (command === undefined ? words.findLast(isName) : words.find(isName)) ?? '';
}
