/** How does text from anywhere stand in Markdown without being taken for markup? */
import { escapeControls } from './terminal-text.ts';

/** Text as a code span (CommonMark 0.31, 6.1): nothing in it is markup. Words where there is nothing to show. */
export function code(text: string): string {
  const clean = escapeControls(text).replaceAll('\t', ' ');
  if (clean.trim() === '') return '(no name)';
  const fence = '`'.repeat(longestRun(clean) + 1);
  // A blank at both ends is taken for padding, and dropped.
  const needsPadding = /^`|`$|^ .* $/.test(clean);
  return needsPadding ? `${fence} ${clean} ${fence}` : fence + clean + fence;
}

/**
 * A code span within a table (GitHub Flavored Markdown 0.29, 4.10), where a bar ends the cell unless a backslash stands
 * before it, also within code. Backslashes before a bar are doubled, and shown so: tables cannot say it otherwise.
 */
export function codeInTable(text: string): string {
  return code(text).replaceAll(/(\\*)\|/g, '$1$1\\|');
}

/** Lines as they are, within fences longer than any row of backticks in them. */
export function codeBlock(lines: readonly string[]): string {
  const longest = lines.reduce((most, line) => Math.max(most, longestRun(line)), 2);
  const fence = '`'.repeat(longest + 1);
  return [`${fence}text`, ...lines, fence].join('\n');
}

/** A column of a table. */
export interface Column {
  readonly heading: string;
  readonly align: 'left' | 'right';
}

/** A table of cells that are safe already, such as those of {@link codeInTable}. */
export function table(columns: readonly Column[], rows: readonly (readonly string[])[]): string {
  const row = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [
    row(columns.map(({ heading }) => heading)),
    row(columns.map(({ align }) => (align === 'right' ? '---:' : '---'))),
    ...rows.map(row),
  ].join('\n');
}

function longestRun(text: string): number {
  let longest = 0;
  for (const [run] of text.matchAll(/`+/g)) longest = Math.max(longest, run.length);
  return longest;
}
