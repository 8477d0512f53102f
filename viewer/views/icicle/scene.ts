/** What is to be drawn, before anything is known of canvases? */
import type { Hit } from './hit-test.ts';
import type { BoxPlace, Icicle, IcicleLevel } from './icicle.ts';
import { timesOf } from './icicle.ts';
import type { Colour } from './palette.ts';
import { cssColour, heatColour, moduleColour, neutralColour, type Palette } from './palette.ts';
import type { Track } from './track.ts';
import type { Viewport } from './viewport.ts';

/** What boxes are coloured by. */
export type ColourBy = 'module' | 'self';

/** What drawing must know of a function. */
export interface FunctionFacts {
  /** As it is written on boxes. */
  readonly label: string;
  /** Name of its library or of the application's top folder; `''` for time that is no code. */
  readonly module: string;
  readonly isApplication: boolean;
}

/** Everything that a drawing shows. */
export interface Scene {
  readonly tracks: readonly Track[];
  readonly whole: Viewport;
  /** 0 without an axis; CSS pixels. */
  readonly axisHeight: number;
  readonly rowHeight: number;
  readonly factsOf: (of: number) => FunctionFacts;
  readonly colourBy: ColourBy;
  /** By function: whether a search found it; null where nothing is searched for. */
  readonly found: Uint8Array | null;
  /** The box that keys move. */
  readonly current: Hit | null;
  /** The function selected in the whole page; −1: none. */
  readonly selected: number;
  /** What other views are limited to; null: nothing. */
  readonly span: Viewport | null;
}

/** What stands on a box: the name of a function, or what is written in its place. */
export function labelOf({ factsOf }: Pick<Scene, 'factsOf'>, { names, recursion }: Icicle, of: number): string {
  if (of < 0) return names[-1 - of] ?? '';
  return recursion.has(of) ? `${factsOf(of).label} ↻` : factsOf(of).label;
}

/** Colours of boxes, remembered by function. */
export class BoxColours {
  readonly #scene: Pick<Scene, 'factsOf' | 'colourBy'>;
  readonly #palette: Palette;
  readonly #byFunction: string[] = [];
  readonly #neutral: string;

  constructor(scene: Pick<Scene, 'factsOf' | 'colourBy'>, palette: Palette) {
    this.#scene = scene;
    this.#palette = palette;
    this.#neutral = cssColour(neutralColour(palette));
  }

  /** Of a box, or of a run of them where `place` is null. */
  colour(icicle: Icicle, of: number, place: BoxPlace | null, total: number): string {
    if (this.#scene.colourBy === 'self') {
      if (place === null || total <= 0) return this.#neutral;
      return cssColour(heatColour(this.#palette, timesOf(icicle, place).self / total));
    }
    if (of < 0) return this.#neutral;
    this.#byFunction[of] ??= cssColour(this.#ofModule(of));
    return this.#byFunction[of];
  }

  #ofModule(of: number): Colour {
    const { module, isApplication } = this.#scene.factsOf(of);
    return module === '' ? neutralColour(this.#palette) : moduleColour(this.#palette, module, isApplication);
  }
}

const foundLevels = new WeakMap<IcicleLevel, { readonly found: Uint8Array; readonly level: IcicleLevel }>();

/** The boxes of a depth that a search found. Remembered for the last search. */
export function foundLevel(level: IcicleLevel, found: Uint8Array): IcicleLevel {
  const known = foundLevels.get(level);
  if (known?.found === found) return known.level;
  const { first, last, of } = level;
  let count = 0;
  for (let box = 0; box < of.length; box++) if (found[of[box] as number] === 1) count++;
  const kept = { first: new Int32Array(count), last: new Int32Array(count), of: new Int32Array(count) };
  let at = 0;
  for (let box = 0; box < of.length && count > 0; box++) {
    if (found[of[box] as number] !== 1) continue;
    kept.first[at] = first[box] as number;
    kept.last[at] = last[box] as number;
    kept.of[at++] = of[box] as number;
  }
  foundLevels.set(level, { found, level: kept });
  return kept;
}
