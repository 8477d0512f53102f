/** What is the tab called that shows a page? */
import type { SessionMeta } from '../session/session.ts';
import { unicodeGlyphs } from './style.ts';
import { escapeControls, truncate } from './terminal-text.ts';
import { roundTime } from './time-format.ts';

const longestName = 60;

/** `12.3 s · app.py · timesink`: how long it took, and the last word of the description without its folders. */
export function pageTitle({ duration, description }: Pick<SessionMeta, 'duration' | 'description'>): string {
  const name = /[^\s/\\]+(?=[\s/\\]*$)/.exec(description)?.[0] ?? '';
  const parts = [roundTime(duration, unicodeGlyphs), truncate(escapeControls(name), longestName, '…'), 'timesink'];
  return parts.filter((part) => part !== '').join(' · ');
}
