/** What is on the canvas right now, and how does it move? Draws when something has changed, at most once a frame. */
import { drawTracks } from './draw.ts';
import { drawAxis, drawBand, drawGuides, drawHeads, drawOutside, drawRest } from './draw-head.ts';
import type { Drawing } from './drawing.ts';
import { type Hit, hitTest, momentAt } from './hit-test.ts';
import { spanOf } from './icicle.ts';
import { BoxColours, type Scene } from './scene.ts';
import { type DrawTheme, readTheme } from './theme.ts';
import { heightOf } from './track.ts';
import { between, clampViewport, reveal, type Viewport, zoomAt } from './viewport.ts';

/** How long a jump to another viewport takes, in milliseconds. */
const jumpTime = 160;

/** How long one drawing may look for what a search found, in milliseconds. */
const searchTime = 40;

/** Below the last track; CSS pixels. */
const roomBelow = 8;

/** From this height on, the axis above is far from what is below; CSS pixels. */
const leastWithFoot = 400;

/** A sheet of paper is so wide, and a drawing goes over several, up to this height; CSS pixels. */
const paper = { width: 900, height: 8000 } as const;

/** What a person sees of the scene. */
export interface StageView {
  readonly view: Viewport;
  readonly scroll: number;
}

/** A canvas with its scene. All positions are CSS pixels from its left top corner. */
export class Stage {
  readonly canvas: HTMLCanvasElement;
  scene: Scene;
  /** Is told of each drawing. */
  onDrawn: () => void = () => {};
  width = 0;
  height = 0;
  theme: DrawTheme;
  #view: Viewport;
  #scroll = 0;
  #band: Viewport | null = null;
  #colours: BoxColours;
  #characterWidth = 6.6;
  #frame = 0;
  #isOnPaper = false;
  #jump: { readonly from: Viewport; readonly to: Viewport; readonly start: number } | null = null;

  constructor(canvas: HTMLCanvasElement, scene: Scene, kept: StageView | null) {
    this.canvas = canvas;
    this.scene = scene;
    this.theme = readTheme(canvas.parentElement ?? document.body);
    this.#colours = new BoxColours(scene, this.theme.palette);
    this.#view = clampViewport(kept?.view ?? scene.whole, scene.whole);
    this.#scroll = kept?.scroll ?? 0;
  }

  get view(): Viewport {
    return this.#view;
  }

  get scroll(): number {
    return this.#scroll;
  }

  /** How far one can scroll. */
  get mostScroll(): number {
    return Math.max(0, heightOf(this.scene.tracks) + roomBelow - this.bodyHeight);
  }

  /** Height of what is between the axes. */
  get bodyHeight(): number {
    return Math.max(0, this.height - this.scene.axisHeight - this.#footHeight);
  }

  /** Whether a place is on an axis. */
  isAxis(y: number): boolean {
    const below = y - this.scene.axisHeight;
    return below < 0 || below >= this.bodyHeight;
  }

  /** Drawings that are high have the axis a second time, below. */
  get #footHeight(): number {
    return this.height < leastWithFoot ? 0 : this.scene.axisHeight;
  }

  /** Shows another scene; the viewport stays where the whole is the same. */
  setScene(scene: Scene): void {
    const before = this.scene;
    this.scene = scene;
    this.#colours = new BoxColours(scene, this.theme.palette);
    if (scene.whole.begin !== before.whole.begin || scene.whole.end !== before.whole.end) {
      this.#jump = null;
      this.#view = scene.whole;
    }
    this.scrollTo(this.#scroll);
    this.redraw();
  }

  setTheme(): void {
    this.theme = readTheme(this.canvas.parentElement ?? document.body);
    this.#colours = new BoxColours(this.scene, this.theme.palette);
    this.#characterWidth = 0;
    this.redraw();
  }

  resize(width: number, height: number): void {
    if (this.#isOnPaper) return;
    [this.width, this.height] = [width, height];
    this.scrollTo(this.#scroll);
    this.redraw();
  }

  /** At once, as while dragging. */
  setView(view: Viewport): void {
    this.#jump = null;
    this.#view = clampViewport(view, this.scene.whole);
    this.redraw();
  }

  /** In a short movement, unless the person wants none. */
  goTo(view: Viewport): void {
    const to = clampViewport(view, this.scene.whole);
    if (matchMedia('(prefers-reduced-motion: reduce)').matches) {
      this.setView(to);
      return;
    }
    this.#jump = { from: this.#view, to, start: performance.now() };
    this.redraw();
  }

  /** Where a movement ends that is going on. */
  get target(): Viewport {
    return this.#jump?.to ?? this.#view;
  }

  zoom(factor: number, x: number): void {
    this.setView(zoomAt(this.#view, momentAt({ view: this.#view, width: this.width }, x), factor, this.scene.whole));
  }

  scrollTo(scroll: number): void {
    this.#scroll = Math.min(Math.max(0, scroll), this.mostScroll);
    this.redraw();
  }

  /** Brings a box onto the screen. */
  reveal({ track, place }: Hit): void {
    const owner = this.scene.tracks[track];
    if (owner === undefined) return;
    const [begin, end] = spanOf(owner.icicle, place);
    const view = reveal(this.target, begin, end, this.scene.whole);
    if (view !== this.target) this.goTo(view);
    const { rowHeight } = this.scene;
    const top = owner.top + owner.headHeight + place.depth * rowHeight;
    const margin = Math.min(rowHeight * 2, this.bodyHeight / 3);
    if (top - margin < this.#scroll) this.scrollTo(top - margin);
    else if (top + rowHeight + margin > this.#scroll + this.bodyHeight) {
      this.scrollTo(top + rowHeight + margin - this.bodyHeight);
    }
  }

  /** The box at a place. */
  hit(x: number, y: number): Hit | null {
    if (this.isAxis(y)) return null;
    return hitTest(this.scene.tracks, this.#area(), x, y - this.scene.axisHeight);
  }

  momentAt(x: number): number {
    return momentAt({ view: this.#view, width: this.width }, x);
  }

  /** Shows what is being chosen; null: nothing. */
  setBand(band: Viewport | null): void {
    this.#band = band;
    this.redraw();
  }

  /** Draws it all at once, as wide as paper is. @returns what makes it as it was */
  print(): () => void {
    const [width, height, scroll] = [this.width, this.height, this.#scroll];
    this.setTheme();
    this.resize(
      paper.width,
      Math.min(paper.height, heightOf(this.scene.tracks) + roomBelow + this.scene.axisHeight * 2),
    );
    this.scrollTo(0);
    this.#isOnPaper = true;
    this.#draw();
    return () => {
      this.#isOnPaper = false;
      this.setTheme();
      this.resize(width, height);
      this.scrollTo(scroll);
    };
  }

  redraw(): void {
    if (this.#frame === 0) this.#frame = requestAnimationFrame(() => this.#draw());
  }

  /** Ends everything. */
  stop(): void {
    cancelAnimationFrame(this.#frame);
    this.onDrawn = () => {};
  }

  #area(): Drawing['area'] {
    const { rowHeight } = this.scene;
    return { view: this.#view, width: this.width, scroll: this.#scroll, rowHeight };
  }

  #draw(): void {
    this.#frame = 0;
    this.#move();
    const canvas = prepareCanvas(this.canvas, this.width, this.height);
    if (canvas === null || this.width === 0) return;
    if (this.#characterWidth === 0 || canvas.font !== this.theme.font) {
      canvas.font = this.theme.font;
      this.#characterWidth = canvas.measureText('mmmmmmmmmm').width / 10;
    }
    const { scene, theme } = this;
    canvas.fillStyle = theme.ground;
    canvas.fillRect(0, 0, this.width, this.height);
    canvas.translate(0, scene.axisHeight);
    const drawing: Drawing = {
      ...{ canvas, theme, scene, area: this.#area(), height: this.bodyHeight, colours: this.#colours },
      characterWidth: this.#characterWidth,
      until: performance.now() + searchTime,
    };
    if (scene.axisHeight > 0) drawGuides(drawing);
    const isWhole = drawTracks(drawing);
    drawOutside(drawing, scene.span);
    drawHeads(drawing);
    if (this.#band !== null) drawBand(drawing, this.#band.begin, this.#band.end);
    if (scene.axisHeight > 0) drawAxis(drawing, -scene.axisHeight, scene.axisHeight);
    if (this.#footHeight > 0) drawAxis(drawing, this.bodyHeight, this.#footHeight);
    if (this.#isOnPaper && this.mostScroll > 0) drawRest(drawing);
    this.onDrawn();
    if (!isWhole || this.#jump !== null) this.redraw();
  }

  #move(): void {
    if (this.#jump === null) return;
    const { from, to, start } = this.#jump;
    const part = Math.min(1, (performance.now() - start) / jumpTime);
    this.#view = part >= 1 ? to : between(from, to, part);
    if (part >= 1) this.#jump = null;
  }
}

/** A canvas as sharp as the screen is, in CSS pixels; null where the browser has none. */
export function prepareCanvas(
  canvas: HTMLCanvasElement,
  width: number,
  height: number,
): CanvasRenderingContext2D | null {
  const ratio = window.devicePixelRatio || 1;
  const [wide, high] = [Math.round(width * ratio), Math.round(height * ratio)];
  if (canvas.width !== wide) canvas.width = wide;
  if (canvas.height !== high) canvas.height = high;
  const context = canvas.getContext('2d', { alpha: false });
  context?.setTransform(ratio, 0, 0, ratio, 0, 0);
  return context;
}
