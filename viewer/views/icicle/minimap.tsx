/** Which part of the recording is on screen, and which are all views limited to? The whole of it in little, to drag in. */
import type { VNode } from 'preact';
import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { ThreadSamples } from '../../../src/session/session.ts';
import { usePage } from '../../page.ts';
import { axisTicks } from './axis.ts';
import { busyCurve } from './busy-curve.ts';
import { prepareCanvas, type Stage } from './stage.ts';
import type { DrawTheme } from './theme.ts';
import type { Viewport } from './viewport.ts';

/** What the minimap needs. */
export interface MinimapProps {
  readonly threads: readonly ThreadSamples[];
  readonly whole: Viewport;
  readonly span: Viewport | null;
  /** The canvas below; null until it is there. */
  readonly stage: Stage | null;
  /** Changes when the canvas below was drawn. */
  readonly drawn: number;
  readonly onChooseSpan: (span: Viewport | null) => void;
}

const height = 48;

/** Pixels beside a border of the span that belong to it. */
const borderReach = 6;

/** Pixels that are dragged before that means a span. */
const leastDrag = 3;

/** What is being dragged: one border while the other stays, or the whole span. */
type Drag =
  | { readonly kind: 'border'; readonly fixed: number }
  | { readonly kind: 'span'; readonly from: number; readonly span: Viewport };

/** For pointers only: keys limit the time by `l`, and everything drawn here stands in the lanes too. */
export function Minimap(props: MinimapProps): VNode {
  const { threads, whole, span, stage, drawn, onChooseSpan } = props;
  const { theme } = usePage();
  const canvas = useRef<HTMLCanvasElement>(null);
  const drag = useRef<{ readonly what: Drag; readonly x: number; hasMoved: boolean } | null>(null);
  const [dragged, setDragged] = useState<Viewport | null>(null);
  const width = useWidth(canvas);
  const curve = useMemo(() => busyCurve(threads, whole, Math.max(1, Math.floor(width))), [threads, whole, width]);
  const shown = dragged ?? span;
  useEffect(() => {
    if (canvas.current === null || stage === null) return undefined;
    const element = canvas.current;
    const draw = (): void => drawMinimap(element, { curve, whole, width, shown, view: stage.view, theme: stage.theme });
    const frame = requestAnimationFrame(draw);
    return () => cancelAnimationFrame(frame);
  }, [curve, whole, width, shown, stage, drawn, theme]);
  const momentOf = (x: number): number =>
    whole.begin + (Math.min(width, Math.max(0, x)) / width) * (whole.end - whole.begin);
  const chosen = (event: PointerEvent): Viewport | null => {
    if (drag.current === null) return null;
    const moment = momentOf(event.offsetX);
    const { what } = drag.current;
    if (what.kind === 'border') return { begin: Math.min(what.fixed, moment), end: Math.max(what.fixed, moment) };
    const length = what.span.end - what.span.begin;
    const begin = Math.min(Math.max(whole.begin, what.span.begin + moment - what.from), whole.end - length);
    return { begin, end: begin + length };
  };
  return (
    <div class="minimap" aria-hidden="true">
      <canvas
        ref={canvas}
        title="Drag to limit all views to a part of the time; double click shows all of it again"
        onPointerDown={(event) => {
          event.currentTarget.setPointerCapture(event.pointerId);
          const what = whatIsDragged(span, whole, width, event.offsetX, momentOf);
          drag.current = { what, x: event.offsetX, hasMoved: false };
        }}
        onPointerMove={(event) => {
          if (drag.current === null) return;
          drag.current.hasMoved ||= Math.abs(event.offsetX - drag.current.x) >= leastDrag;
          if (drag.current.hasMoved) setDragged(chosen(event));
        }}
        onPointerUp={(event) => {
          const next = drag.current?.hasMoved === true ? chosen(event) : null;
          drag.current = null;
          setDragged(null);
          if (next !== null && next.end > next.begin) onChooseSpan(next);
        }}
        onPointerCancel={() => {
          drag.current = null;
          setDragged(null);
        }}
        onDblClick={() => onChooseSpan(null)}
      />
    </div>
  );
}

function whatIsDragged(
  span: Viewport | null,
  whole: Viewport,
  width: number,
  x: number,
  momentOf: (x: number) => number,
): Drag {
  if (span === null) return { kind: 'border', fixed: momentOf(x) };
  const scale = width / (whole.end - whole.begin);
  const [left, right] = [(span.begin - whole.begin) * scale, (span.end - whole.begin) * scale];
  if (Math.abs(x - left) <= borderReach) return { kind: 'border', fixed: span.end };
  if (Math.abs(x - right) <= borderReach) return { kind: 'border', fixed: span.begin };
  if (x > left && x < right) return { kind: 'span', from: momentOf(x), span };
  return { kind: 'border', fixed: momentOf(x) };
}

function useWidth(canvas: { readonly current: HTMLCanvasElement | null }): number {
  const [width, setWidth] = useState(0);
  useEffect(() => {
    const element = canvas.current;
    if (element === null) return undefined;
    const observer = new ResizeObserver(() => setWidth(element.clientWidth));
    observer.observe(element);
    return () => observer.disconnect();
  }, [canvas]);
  return width;
}

interface MinimapDrawing {
  readonly curve: Float64Array;
  readonly whole: Viewport;
  readonly width: number;
  readonly shown: Viewport | null;
  readonly view: Viewport;
  readonly theme: DrawTheme;
}

function drawMinimap(element: HTMLCanvasElement, { curve, whole, width, shown, view, theme }: MinimapDrawing): void {
  const canvas = prepareCanvas(element, width, height);
  if (canvas === null || width === 0) return;
  const scale = width / (whole.end - whole.begin);
  const xOf = (moment: number): number => (moment - whole.begin) * scale;
  canvas.fillStyle = theme.panel;
  canvas.fillRect(0, 0, width, height);
  const most = curve.reduce((max, value) => Math.max(max, value), 0);
  canvas.fillStyle = theme.isForced ? theme.text : theme.own;
  canvas.globalAlpha = 0.55;
  const room = height - 16;
  canvas.beginPath();
  canvas.moveTo(0, height);
  curve.forEach((value, part) => {
    const high = most > 0 ? (value / most) * room : 0;
    canvas.lineTo((part / curve.length) * width, height - high);
    canvas.lineTo(((part + 1) / curve.length) * width, height - high);
  });
  canvas.lineTo(width, height);
  canvas.fill();
  canvas.globalAlpha = 1;
  canvas.font = theme.smallFont;
  canvas.textBaseline = 'top';
  for (const { moment, label } of axisTicks(whole, width, 110)) {
    canvas.fillStyle = theme.line;
    canvas.fillRect(Math.round(xOf(moment)), 0, 1, height);
    canvas.fillStyle = theme.faint;
    if (xOf(moment) + 60 < width) canvas.fillText(label, Math.round(xOf(moment)) + 4, 2);
  }
  if (shown !== null) drawSpan(canvas, theme, width, xOf(shown.begin), xOf(shown.end));
  if (view.begin > whole.begin || view.end < whole.end) {
    canvas.strokeStyle = theme.text;
    canvas.strokeRect(xOf(view.begin) + 0.5, 0.5, Math.max(2, xOf(view.end) - xOf(view.begin) - 1), height - 1);
  }
}

function drawSpan(
  canvas: CanvasRenderingContext2D,
  theme: DrawTheme,
  width: number,
  left: number,
  right: number,
): void {
  canvas.globalAlpha = 0.66;
  canvas.fillStyle = theme.ground;
  canvas.fillRect(0, 0, left, height);
  canvas.fillRect(right, 0, width - right, height);
  canvas.globalAlpha = 1;
  canvas.fillStyle = theme.focus;
  for (const x of [left, right]) {
    canvas.fillRect(x - 1, 0, 2, height);
    canvas.fillRect(x - 3, height / 2 - 8, 6, 16);
  }
}
