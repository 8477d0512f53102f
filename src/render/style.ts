/** Which glyphs and colours does a text report use? */
import { type Heat, heatOf } from '../tree/heat.ts';

/** What is drawn in front of a line of a tree, and the few other characters beyond ASCII. */
export interface Glyphs {
  /** A child with siblings below it: in front of itself, and in front of what is below it. */
  readonly branch: string;
  readonly branchBelow: string;
  /** The last child. */
  readonly last: string;
  readonly lastBelow: string;
  readonly separator: string;
  readonly ellipsis: string;
  readonly micro: string;
}

/** Lines and marks beyond ASCII. */
export const unicodeGlyphs: Glyphs = {
  branch: '├─ ',
  branchBelow: '│  ',
  last: '└─ ',
  lastBelow: '   ',
  separator: '·',
  ellipsis: '…',
  micro: 'µ',
};

const asciiGlyphs: Glyphs = {
  branch: '|- ',
  branchBelow: '|  ',
  last: '`- ',
  lastBelow: '   ',
  separator: '-',
  ellipsis: '...',
  micro: 'u',
};

/** Colours the pieces of a line; without colour, gives them back. */
export interface Palette {
  /** @param share of the whole, 0 to 1 */
  time(text: string, share: number): string;
  name(text: string, isApplication: boolean): string;
  /** Where code is: faint. */
  position(text: string): string;
}

const reset = '\x1b[0m';
const faint = '\x1b[2m';
const whiteOnBlue = '\x1b[48;5;24m\x1b[38;5;15m';

/** Red, yellow, green, then bright green and faint, as pyinstrument 5.1.3. */
const heatColours: Readonly<Record<Heat, string>> = {
  hot: '\x1b[31m',
  warm: '\x1b[33m',
  mild: '\x1b[32m',
  cool: `\x1b[92m${faint}`,
};

const colours: Palette = {
  time: (text, share) => `${heatColours[heatOf(share)]}${text}${reset}`,
  name: (text, isApplication) => `${isApplication ? whiteOnBlue : ''}${text}${reset}`,
  position: (text) => `${faint}${text}${reset}`,
};

/** No colours. */
export const plainPalette: Palette = { time: (text) => text, name: (text) => text, position: (text) => text };

/** Glyphs and colours together. */
export interface Style {
  readonly glyphs: Glyphs;
  readonly palette: Palette;
}

/** The style that two switches ask for. */
export function styleFor(options: { readonly unicode: boolean; readonly color: boolean }): Style {
  return { glyphs: options.unicode ? unicodeGlyphs : asciiGlyphs, palette: options.color ? colours : plainPalette };
}
