/** How is a flame graph kept as a picture? One SVG file, self-contained, with the names and times in tips. */
import { formatFixed } from '../../../src/render/fixed-point.ts';
import { shortTime } from '../../format.ts';
import { shownText } from '../../parts/function-name.tsx';
import { beginOf, endOf, type Icicle, timesOf } from './icicle.ts';
import { cssColour, palettes } from './palette.ts';
import { BoxColours, type ColourBy, type FunctionFacts, labelOf } from './scene.ts';
import { visitVisible } from './visible-boxes.ts';

/** What the picture says beside its boxes. */
export interface SvgOptions {
  readonly title: string;
  readonly factsOf: (of: number) => FunctionFacts;
  readonly placeOf: (of: number) => string;
  readonly colourBy: ColourBy;
  /** Pixels; default 1200. */
  readonly width?: number;
}

const rowHeight = 18;
const headHeight = 34;
const footHeight = 22;
const characterWidth = 6.65;

/** Deeper boxes are left out, and counted: no program opens larger pictures. */
const mostLevels = 1500;

/** The picture as text. Boxes too narrow to be seen are drawn as grey runs; the foot says so. */
export function flameSvg(icicle: Icicle, options: SvgOptions): string {
  const { width = 1200 } = options;
  const levels = icicle.levels.slice(0, mostLevels);
  const height = headHeight + levels.length * rowHeight + footHeight;
  const palette = palettes.light;
  const picture = new SvgBoxes(icicle, options, new BoxColours(options, palette));
  levels.forEach((level, depth) => {
    picture.begin(depth);
    visitVisible(icicle.edges, level, { begin: beginOf(icicle), end: endOf(icicle) }, width, picture);
  });
  const text = `fill="${cssColour(palette.label)}" font-family="ui-monospace, Menlo, Consolas, monospace" font-size="11"`;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img">`,
    `<title>${escapeXml(options.title)}</title>`,
    `<rect width="100%" height="100%" fill="rgb(255 255 255)"/>`,
    `<g ${text}>`,
    `<text x="6" y="21" font-size="14" font-weight="600">${escapeXml(options.title)}</text>`,
    ...picture.parts,
    `<text x="6" y="${height - 7}">${escapeXml(footText(icicle, picture.runs))}</text>`,
    '</g>',
    '</svg>',
    '',
  ].join('\n');
}

function footText(icicle: Icicle, runs: number): string {
  const deeper = icicle.levels.length - mostLevels;
  const facts = [`${shortTime(endOf(icicle) - beginOf(icicle))} in all`];
  if (runs > 0) facts.push('boxes under a pixel are joined in grey');
  if (deeper > 0) facts.push(`${deeper} deeper levels are left out`);
  return facts.join(' · ');
}

class SvgBoxes {
  readonly parts: string[] = [];
  runs = 0;
  readonly #icicle: Icicle;
  readonly #options: SvgOptions;
  readonly #colours: BoxColours;
  readonly #total: number;
  #depth = 0;

  constructor(icicle: Icicle, options: SvgOptions, colours: BoxColours) {
    this.#icicle = icicle;
    this.#options = options;
    this.#colours = colours;
    this.#total = endOf(icicle) - beginOf(icicle);
  }

  begin(depth: number): void {
    this.#depth = depth;
  }

  box(of: number, left: number, right: number, box: number): void {
    const place = { depth: this.#depth, box };
    const { total, self } = timesOf(this.#icicle, place);
    const label = labelOf(this.#options, this.#icicle, of);
    const share = this.#total > 0 ? formatFixed((total / this.#total) * 100, 1) : '100.0';
    const where = of < 0 ? '' : this.#options.placeOf(of);
    const tip = `${label}${where === '' ? '' : `\n${where}`}\n${shortTime(total)}, ${share} %, self ${shortTime(self)}`;
    const colour = this.#colours.colour(this.#icicle, of, place, this.#total);
    const room = Math.floor((right - left - 6) / characterWidth);
    const written = room < 3 ? '' : label.length > room ? `${label.slice(0, room - 1)}…` : label;
    const y = headHeight + this.#depth * rowHeight;
    const text = written === '' ? '' : `<text x="${round(left + 4)}" y="${y + 12}">${escapeXml(written)}</text>`;
    this.parts.push(`<g><title>${escapeXml(tip)}</title>${rect(left, right, y, colour)}${text}</g>`);
  }

  run(_of: number, left: number, right: number): void {
    this.runs++;
    this.parts.push(rect(left, right, headHeight + this.#depth * rowHeight, 'rgb(200 206 213)'));
  }
}

function rect(left: number, right: number, y: number, colour: string): string {
  const width = round(Math.max(0.3, right - left - (right - left > 3 ? 0.5 : 0)));
  return `<rect x="${round(left)}" y="${y}" width="${width}" height="${rowHeight - 1}" fill="${colour}"/>`;
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Text from a recording: never markup, and only characters that XML allows. Lines of tips stay lines. */
export function escapeXml(text: string): string {
  return text
    .split('\n')
    .map((line) => shownText(line))
    .join('\n')
    .replace(/[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]|[\ufffe\uffff]/g, '\ufffd')
    .replace(/[&<>"']/g, (character) => entities[character] ?? '');
}
