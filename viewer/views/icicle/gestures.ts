/** What do mouse, wheel and fingers do on the canvas? */
import type { Hit } from './hit-test.ts';
import type { Stage } from './stage.ts';
import type { Viewport } from './viewport.ts';

/** What is told of gestures that mean more than moving about. */
export interface GestureReceiver {
  /** Over a box, or over none; `x` and `y` are CSS pixels on the canvas. */
  onHover(hit: Hit | null, x: number, y: number): void;
  /** A click or tap; `y` counts from the top of the canvas. */
  onPoint(hit: Hit | null, x: number, y: number): void;
  /** A second one at the same place. */
  onDouble(hit: Hit | null): void;
  /** A time was chosen by dragging; null where the drawing has no times to choose. */
  readonly onChooseSpan: ((span: Viewport) => void) | null;
}

/** Pixels that a pointer may move and still mean a click. */
const clickSlack = 4;

interface Point {
  readonly x: number;
  readonly y: number;
}

/** What the pointers that are down do together. */
type Drag =
  | { readonly kind: 'pan'; readonly from: Point; readonly view: Viewport; readonly scroll: number; hasMoved: boolean }
  | { readonly kind: 'span'; readonly from: number }
  | { readonly kind: 'pinch'; readonly distance: number; readonly middle: Point; readonly view: Viewport };

/** Listens until the signal says to stop. */
export function listenToGestures(stage: Stage, receiver: () => GestureReceiver, signal: AbortSignal): void {
  const gestures = new Gestures(stage, receiver);
  const { canvas } = stage;
  const passive = { signal };
  canvas.addEventListener('pointerdown', (event) => gestures.down(event), passive);
  canvas.addEventListener('pointermove', (event) => gestures.move(event), passive);
  canvas.addEventListener('pointerup', (event) => gestures.up(event), passive);
  canvas.addEventListener('pointercancel', (event) => gestures.cancel(event), passive);
  canvas.addEventListener('pointerleave', () => receiver().onHover(null, 0, 0), passive);
  canvas.addEventListener('dblclick', (event) => receiver().onDouble(stage.hit(event.offsetX, event.offsetY)), passive);
  canvas.addEventListener('wheel', (event) => gestures.wheel(event), { signal, passive: false });
}

class Gestures {
  readonly #stage: Stage;
  readonly #receiver: () => GestureReceiver;
  readonly #pointers = new Map<number, Point>();
  #drag: Drag | null = null;

  constructor(stage: Stage, receiver: () => GestureReceiver) {
    this.#stage = stage;
    this.#receiver = receiver;
  }

  down(event: PointerEvent): void {
    if (event.button > 1) return;
    // Middle buttons would begin to scroll the page.
    if (event.button === 1) event.preventDefault();
    const stage = this.#stage;
    const point = pointOf(event);
    stage.canvas.setPointerCapture(event.pointerId);
    this.#pointers.set(event.pointerId, point);
    if (this.#pointers.size === 2) {
      this.#drag = { kind: 'pinch', ...pinchOf(this.#pointers), view: stage.view };
      return;
    }
    const choosesSpan = event.shiftKey || stage.isAxis(point.y);
    this.#drag =
      choosesSpan && this.#receiver().onChooseSpan !== null
        ? { kind: 'span', from: stage.momentAt(point.x) }
        : { kind: 'pan', from: point, view: stage.view, scroll: stage.scroll, hasMoved: false };
  }

  move(event: PointerEvent): void {
    const stage = this.#stage;
    const point = pointOf(event);
    if (!this.#pointers.has(event.pointerId)) {
      if (event.pointerType !== 'touch') this.#receiver().onHover(stage.hit(point.x, point.y), point.x, point.y);
      return;
    }
    this.#pointers.set(event.pointerId, point);
    const drag = this.#drag;
    if (drag?.kind === 'span') stage.setBand(ordered(drag.from, stage.momentAt(point.x)));
    if (drag?.kind === 'pinch') this.#pinch(drag);
    if (drag?.kind === 'pan') this.#pan(drag, point);
  }

  up(event: PointerEvent): void {
    const stage = this.#stage;
    const [point, drag] = [pointOf(event), this.#drag];
    this.cancel(event);
    if (drag?.kind === 'span') {
      const span = ordered(drag.from, stage.momentAt(point.x));
      const isWide = (span.end - span.begin) * (stage.width / (stage.view.end - stage.view.begin)) > clickSlack;
      if (isWide) this.#receiver().onChooseSpan?.(span);
    }
    if (drag?.kind === 'pan' && !drag.hasMoved) {
      this.#receiver().onPoint(stage.hit(point.x, point.y), point.x, point.y);
    }
  }

  cancel(event: PointerEvent): void {
    this.#pointers.delete(event.pointerId);
    this.#stage.setBand(null);
    this.#stage.canvas.classList.remove('dragging');
    const [left] = this.#pointers.values();
    // One finger of two is still there: it goes on panning.
    this.#drag =
      left === undefined
        ? null
        : { kind: 'pan', from: left, view: this.#stage.view, scroll: this.#stage.scroll, hasMoved: true };
  }

  wheel(event: WheelEvent): void {
    event.preventDefault();
    const stage = this.#stage;
    const unit = event.deltaMode === 1 ? 16 : event.deltaMode === 2 ? stage.height : 1;
    const [sideways, upwards] = event.shiftKey && event.deltaX === 0 ? [event.deltaY, 0] : [event.deltaX, event.deltaY];
    if (event.altKey) {
      stage.scrollTo(stage.scroll + upwards * unit);
    } else if (Math.abs(sideways) > Math.abs(upwards)) {
      const part = (sideways * unit) / stage.width;
      const step = (stage.view.end - stage.view.begin) * part;
      stage.setView({ begin: stage.view.begin + step, end: stage.view.end + step });
    } else {
      // Browsers report pinching on a touchpad as small steps of the wheel with Ctrl.
      const speed = event.ctrlKey || event.metaKey ? 0.01 : 0.0018;
      stage.zoom(Math.exp(Math.max(-600, Math.min(600, upwards * unit)) * speed), event.offsetX);
    }
    this.#receiver().onHover(null, 0, 0);
  }

  #pan(drag: Extract<Drag, { kind: 'pan' }>, point: Point): void {
    const stage = this.#stage;
    const [right, down] = [point.x - drag.from.x, point.y - drag.from.y];
    if (!drag.hasMoved && Math.hypot(right, down) < clickSlack) return;
    if (!drag.hasMoved) this.#receiver().onHover(null, 0, 0);
    drag.hasMoved = true;
    stage.canvas.classList.add('dragging');
    const step = (-right / stage.width) * (drag.view.end - drag.view.begin);
    stage.setView({ begin: drag.view.begin + step, end: drag.view.end + step });
    stage.scrollTo(drag.scroll - down);
  }

  #pinch({ distance, middle, view }: Extract<Drag, { kind: 'pinch' }>): void {
    const stage = this.#stage;
    const now = pinchOf(this.#pointers);
    const width = ((view.end - view.begin) * distance) / Math.max(1, now.distance);
    const moment = view.begin + (middle.x / stage.width) * (view.end - view.begin);
    const begin = moment - (now.middle.x / stage.width) * width;
    stage.setView({ begin, end: begin + width });
  }
}

function pointOf(event: PointerEvent): Point {
  const { left, top } = (event.target as Element).getBoundingClientRect();
  return { x: event.clientX - left, y: event.clientY - top };
}

function pinchOf(pointers: ReadonlyMap<number, Point>): { readonly distance: number; readonly middle: Point } {
  const [one = { x: 0, y: 0 }, other = one] = pointers.values();
  const middle = { x: (one.x + other.x) / 2, y: (one.y + other.y) / 2 };
  return { distance: Math.max(1, Math.abs(one.x - other.x), Math.abs(one.y - other.y)), middle };
}

function ordered(one: number, other: number): Viewport {
  return one < other ? { begin: one, end: other } : { begin: other, end: one };
}
