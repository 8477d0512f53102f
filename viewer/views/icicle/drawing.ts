/** What does one drawing need to know? */
import type { DrawnArea } from './hit-test.ts';
import type { BoxColours, Scene } from './scene.ts';
import type { DrawTheme } from './theme.ts';

/** What one drawing needs. `area.scroll` and all heights are CSS pixels, as is the canvas' coordinate system. */
export interface Drawing {
  readonly canvas: CanvasRenderingContext2D;
  readonly theme: DrawTheme;
  readonly scene: Scene;
  readonly area: DrawnArea;
  readonly height: number;
  readonly colours: BoxColours;
  /** Of a character in `theme.font`. */
  readonly characterWidth: number;
  /** When to stop looking for what a search found, on the clock of `performance.now()`. */
  readonly until: number;
}
