/** How does the table of keys look in the documentation? */
import { type KeyBinding, keyCaps, keyTable } from '../viewer/keys.ts';

const beginning = '<!-- The table of keys, by npm run page-document: -->';
const end = '<!-- The end of the table of keys. -->';

/** A section of Markdown for each group, as the sheet of `?` has them. */
export function keysMarkdown(): string {
  const groups = [...new Set(keyTable.map(({ group }) => group))];
  return groups
    .map((group) =>
      section(
        group,
        keyTable.filter((binding) => binding.group === group),
      ),
    )
    .join('\n');
}

/**
 * The document with the table as it should be.
 * @throws Error where the document has no place for it
 */
export function withKeys(document: string): string {
  const [from, to] = [document.indexOf(beginning), document.indexOf(end)];
  if (from < 0 || to < from) throw new Error(`the document has no "${beginning}" and "${end}" after it`);
  return `${document.slice(0, from)}${beginning}\n\n${keysMarkdown()}\n${document.slice(to)}`;
}

function section(group: string, bindings: readonly KeyBinding[]): string {
  const cells = bindings.map((binding) => [keyCaps(binding).map(codeCell).join(' '), binding.help] as const);
  const rows = [['key', 'what it does'] as const, ...cells];
  const widths = [0, 1].map((column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const [heading = '', ...lines] = rows.map((row) => tableLine(row, widths, ' '));
  return `**${group}**\n\n${heading}${tableLine(['', ''], widths, '-')}${lines.join('')}`;
}

function tableLine(cells: readonly string[], widths: readonly number[], filling: string): string {
  return `${cells.map((cell, column) => `| ${cell.padEnd(widths[column] ?? 0, filling)} `).join('')}|\n`;
}

function codeCell(text: string): string {
  return text.includes('`') ? `\`\` ${text} \`\`` : `\`${text.replace('|', '\\|')}\``;
}
