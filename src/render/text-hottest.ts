/** How are the hottest lines of a program shown? */
import type { HottestLines } from '../tree/hottest-lines.ts';
import type { ShortPath } from '../tree/short-path.ts';
import { formatFixed } from './fixed-point.ts';
import type { SourceLine } from './source-lines.ts';
import type { Glyphs } from './style.ts';
import { escapeControls, truncate } from './terminal-text.ts';
import { roundTime } from './time-format.ts';

/** Lines with less than this share of the time are not worth a look. */
const leastShare = 0.01;

const terminalWidth = 100;

const indent = '   ';

/** Below this there is no point in showing source text. */
const narrowestSource = 12;

/** What a table of lines needs to be drawn. */
export interface HottestDrawing {
  readonly glyphs: Glyphs;
  readonly shortPath: ShortPath;
  readonly sourceLine: SourceLine;
}

/** A heading and {@link hottestRows}, indented. Nothing where no line stands out. */
export function drawHottestLines(hottest: HottestLines, drawing: HottestDrawing): string[] {
  const rows = hottestRows(hottest, drawing, terminalWidth - indent.length);
  return rows.length === 0 ? [] : ['Hottest lines', ...rows.map((row) => indent + row)];
}

/**
 * One row for each line that stands out: seconds, percent, place, source text.
 * @param width at which source text is cut
 */
export function hottestRows({ lines, total }: HottestLines, drawing: HottestDrawing, width: number): string[] {
  const rows = lines
    .filter(({ seconds }) => seconds > 0 && seconds >= leastShare * total)
    .map(({ file, line, seconds }) => ({
      time: roundTime(seconds, drawing.glyphs),
      share: `${formatFixed((seconds / total) * 100, 0)} %`,
      place: `${escapeControls(drawing.shortPath(file))}:${line}`,
      source: drawing.sourceLine(file, line),
    }));
  const widths = (['time', 'share', 'place'] as const).map((key) => Math.max(...rows.map((row) => row[key].length)));
  const [timeWidth = 0, shareWidth = 0, placeWidth = 0] = widths;
  return rows.map(({ time, share, place, source }) => {
    const start = `${time.padStart(timeWidth)}  ${share.padStart(shareWidth)}  `;
    const before = `${start}${place.padEnd(placeWidth)}   `;
    const room = width - before.length;
    if (source === undefined || source === '' || room < narrowestSource) return start + place;
    return before + truncate(escapeControls(source.replaceAll('\t', ' ')), room, drawing.glyphs.ellipsis);
  });
}
