/** How do the numbers of a comparison stand beside its lines? */
import { alignColumns, type Change, type ChangeColumns, type FormatChange } from './diff-numbers.ts';
import type { DiffLine } from './diff-text-tree.ts';

/** Colours a change. */
export type ColourChange = (text: string, change: Change) => string;

const reset = '\x1b[0m';
const colours = { slower: '\x1b[31m', faster: '\x1b[32m', unclear: '\x1b[2m' } as const;

/** Red where it is slower, green where it is faster, faint where it may be chance; the signs say the same without colour. */
export function changeColours(color: boolean): ColourChange {
  if (!color) return (text) => text;
  return (text, { change, isWithinNoise }) => {
    const kind = change === 0 || isWithinNoise ? 'unclear' : change > 0 ? 'slower' : 'faster';
    return `${colours[kind]}${text}${reset}`;
  };
}

/** What stands above the numbers. */
export type TableTitles = Omit<ChangeColumns, 'relative'>;

const noNumbers: ChangeColumns = { before: '', after: '', change: '', relative: '' };

/** Titles, then the lines, with their numbers right-aligned on the left. */
export function drawTable(
  lines: readonly DiffLine[],
  titles: TableTitles,
  format: FormatChange,
  colour: ColourChange,
): readonly string[] {
  const numbers = lines.map(({ change }) => (change === null ? noNumbers : format(change)));
  const [head = noNumbers, ...rows] = alignColumns([{ ...titles, relative: '' }, ...numbers]);
  const draw = ({ before, after, change, relative }: ChangeColumns, { change: numbers, text }: DiffLine): string => {
    const changed = `${change}  ${relative}`;
    return `  ${before}  ${after}  ${numbers === null ? changed : colour(changed, numbers)}  ${text}`.trimEnd();
  };
  const title: DiffLine = { change: null, text: '' };
  return [draw(head, title), ...lines.map((line, index) => draw(rows[index] ?? noNumbers, line))];
}
