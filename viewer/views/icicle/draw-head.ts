/** How are the head of a track, the axis and what lies over the boxes drawn? */
import { axisTicks } from './axis.ts';
import type { Drawing } from './drawing.ts';
import { type Activity, activities } from './strip.ts';
import type { Track } from './track.ts';
import type { Viewport } from './viewport.ts';
import { visitVisible } from './visible-boxes.ts';

/** Height of the strip of states at the bottom of a head; CSS pixels. */
const stripHeight = 6;

/** Least distance of marks; CSS pixels. */
const tickSpacing = 96;

/** States differ in height too: colour is not the only thing that tells them apart. */
const heights: Readonly<Record<Activity, number>> = {
  idle: 1,
  onCpu: 4,
  holdsGil: 6,
  waitsForGil: 3,
  collectsGarbage: 5,
  notSampled: 2,
};

/** The heads of all tracks on screen. */
export function drawHeads(drawing: Drawing): void {
  for (const track of drawing.scene.tracks) {
    const top = track.top - drawing.area.scroll;
    if (track.headHeight > 0 && top < drawing.height && top + track.headHeight > 0) drawHead(drawing, track, top);
  }
}

/** Name and detail. */
function drawHead({ canvas, theme, area }: Drawing, track: Track, top: number): void {
  canvas.globalAlpha = 1;
  canvas.fillStyle = theme.panel;
  canvas.fillRect(0, top, area.width, track.headHeight - stripHeight - 2);
  canvas.textBaseline = 'middle';
  const middle = top + (track.headHeight - stripHeight - 2) / 2 + 0.5;
  canvas.font = theme.smallFont;
  canvas.fillStyle = theme.faint;
  canvas.fillText(track.isOpen ? '▾' : '▸', 4, middle);
  canvas.font = theme.headFont;
  canvas.fillStyle = theme.text;
  const nameWidth = Math.min(canvas.measureText(track.name).width, area.width * 0.6);
  canvas.fillText(track.name, 18, middle, nameWidth);
  canvas.font = theme.smallFont;
  canvas.fillStyle = theme.faint;
  const room = area.width - nameWidth - 40;
  if (room > 60) canvas.fillText(track.detail, 28 + nameWidth, middle, room);
}

/** What a thread was doing, above its boxes. */
export function drawStrip({ canvas, theme, area }: Drawing, { strip, icicle }: Track, bottom: number): void {
  if (strip === null) return;
  const fill = (of: number, left: number, right: number, alpha: number): void => {
    const activity = activities[of] ?? 'idle';
    const height = heights[activity];
    canvas.globalAlpha = alpha;
    canvas.fillStyle = theme.isForced ? theme.text : theme.strip[activity];
    const [from, to] = [Math.max(left, 0), Math.min(right, area.width)];
    canvas.fillRect(from, bottom - height, Math.max(to - from, 0.5), height);
  };
  visitVisible(icicle.edges, strip, area.view, area.width, {
    box: (of, left, right) => fill(of, left, right, 0.8),
    run: (of, left, right) => fill(of, left, right, 0.65),
  });
  canvas.globalAlpha = 1;
}

/** Lines through all tracks, below the boxes. */
export function drawGuides({ canvas, theme, area, height }: Drawing): void {
  canvas.fillStyle = theme.guide;
  const scale = area.width / (area.view.end - area.view.begin);
  for (const { moment } of axisTicks(area.view, area.width, tickSpacing)) {
    canvas.fillRect(Math.round((moment - area.view.begin) * scale), 0, 1, height);
  }
}

/** An axis above the boxes, where `top` is negative, or below them. */
export function drawAxis({ canvas, theme, area }: Drawing, top: number, height: number): void {
  const edge = top < 0 ? -1 : top;
  canvas.fillStyle = theme.ground;
  canvas.fillRect(0, top, area.width, height);
  canvas.fillStyle = theme.line;
  canvas.fillRect(0, edge, area.width, 1);
  canvas.font = theme.smallFont;
  canvas.textBaseline = 'middle';
  const scale = area.width / (area.view.end - area.view.begin);
  for (const { moment, label } of axisTicks(area.view, area.width, tickSpacing)) {
    const x = Math.round((moment - area.view.begin) * scale);
    canvas.fillStyle = theme.line;
    canvas.fillRect(x, top < 0 ? edge - 5 : edge + 1, 1, 5);
    canvas.fillStyle = theme.faint;
    const half = canvas.measureText(label).width / 2;
    canvas.fillText(
      label,
      Math.min(Math.max(x - half, 2), area.width - half * 2 - 2),
      top + height / 2 + (top < 0 ? -1 : 2),
    );
  }
}

/** What is outside a span, fainter; null: nothing is. */
export function drawOutside({ canvas, theme, area, height }: Drawing, span: Viewport | null): void {
  if (span === null) return;
  const scale = area.width / (area.view.end - area.view.begin);
  const left = Math.min(area.width, Math.max(0, (span.begin - area.view.begin) * scale));
  const right = Math.min(area.width, Math.max(0, (span.end - area.view.begin) * scale));
  canvas.globalAlpha = 0.62;
  canvas.fillStyle = theme.ground;
  canvas.fillRect(0, 0, left, height);
  canvas.fillRect(right, 0, area.width - right, height);
  canvas.globalAlpha = 1;
}

/** What is being chosen by dragging. */
export function drawBand({ canvas, theme, area, height }: Drawing, from: number, to: number): void {
  const scale = area.width / (area.view.end - area.view.begin);
  const [left, right] = [from, to].map((moment) => (moment - area.view.begin) * scale) as [number, number];
  canvas.globalAlpha = 0.18;
  canvas.fillStyle = theme.focus;
  canvas.fillRect(left, 0, right - left, height);
  canvas.globalAlpha = 1;
  canvas.fillRect(left, 0, 1, height);
  canvas.fillRect(right, 0, 1, height);
}

/** Says, where paper ends, that there is more. */
export function drawRest({ canvas, theme, area, height }: Drawing): void {
  canvas.fillStyle = theme.ground;
  canvas.fillRect(0, height - 20, area.width, 20);
  canvas.font = theme.smallFont;
  canvas.fillStyle = theme.text;
  canvas.fillText('… and more below, which is not printed.', 4, height - 10);
}
