/** What does the list of kept sessions look like? */
import type { Environment } from '../capture/launch/interpreter.ts';
import { escapeControls } from '../render/terminal-text.ts';
import { type KeptSession, keptFolder, keptSessions } from './kept-sessions.ts';
import { readSessionHead } from './session-head.ts';

/**
 * A line for each kept session, newest first, below a heading; or a sentence where there is none.
 * @param now in milliseconds since 1970
 * @throws TimesinkError `UNREADABLE_FILE` where the folder cannot be read
 */
export function keptTable(environment: Environment, now: number): string {
  const folder = keptFolder(environment);
  const sessions = folder === undefined ? [] : keptSessions(folder);
  if (sessions.length === 0) return 'No runs are kept yet.\n';
  const rows = [['Id', 'Age', 'Duration', 'Size', 'Title'] as const, ...sessions.map((session) => row(session, now))];
  const widths = [0, 1, 2, 3].map((column) => Math.max(...rows.map((cells) => (cells[column] ?? '').length)));
  const lines = rows.map(([id, age, duration, size, title]) => {
    const [idWidth = 0, ageWidth = 0, durationWidth = 0, sizeWidth = 0] = widths;
    const numbers = [age.padStart(ageWidth), duration.padStart(durationWidth), size.padStart(sizeWidth)];
    return [id.padEnd(idWidth), ...numbers, title].join('  ').trimEnd();
  });
  return `${lines.join('\n')}\n`;
}

type Row = readonly [id: string, age: string, duration: string, size: string, title: string];

function row({ id, path, size, time }: KeptSession, now: number): Row {
  const known = [age((now - time) / 1000), fileSize(size)] as const;
  try {
    const { description, duration } = readSessionHead(path);
    return [id, known[0], `${duration.toFixed(duration < 10 ? 2 : 1)} s`, known[1], escapeControls(description)];
  } catch {
    return [id, known[0], '?', known[1], '(damaged)'];
  }
}

const ageUnits = [
  ['day', 86_400],
  ['hour', 3600],
  ['minute', 60],
] as const;

/** Rounded down to one unit. */
function age(seconds: number): string {
  for (const [unit, length] of ageUnits) {
    const count = Math.floor(seconds / length);
    if (count >= 1) return `${count} ${unit}${count === 1 ? '' : 's'}`;
  }
  return 'just now';
}

/** Decimal units, as in the file managers of most systems. */
function fileSize(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`;
  return bytes < 1e6 ? `${(bytes / 1e3).toFixed(0)} kB` : `${(bytes / 1e6).toFixed(1)} MB`;
}
