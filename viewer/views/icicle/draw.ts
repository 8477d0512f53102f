/** How do boxes get onto a canvas? Only what is on screen and wide enough, with names where there is room for them. */
import { drawStrip } from './draw-head.ts';
import type { Drawing } from './drawing.ts';
import { endOf, type IcicleLevel, spanOf } from './icicle.ts';
import { type BoxColours, foundLevel, labelOf } from './scene.ts';
import type { Track } from './track.ts';
import { type BoxReceiver, visitVisible } from './visible-boxes.ts';

/** Room below each row of boxes; CSS pixels. */
const rowGap = 1;

/** What a search found is to be seen, however narrow it is. */
const leastFoundWidth = 1.5;

/** Narrower boxes have no name. */
const leastLabelWidth = 30;

/** Draws all tracks. @returns whether everything is there; else it is to be drawn again */
export function drawTracks(drawing: Drawing): boolean {
  const { scene, area, height } = drawing;
  let isWhole = true;
  for (const track of scene.tracks) {
    const top = track.top - area.scroll;
    if (top > height || top + track.height < 0) continue;
    if (track.strip !== null) drawStrip(drawing, track, top + track.headHeight - 1);
    if (track.isOpen) isWhole = drawLevels(drawing, track, top + track.headHeight) && isWhole;
  }
  return isWhole;
}

function drawLevels(drawing: Drawing, track: Track, top: number): boolean {
  const { scene, area, height } = drawing;
  const { levels, edges } = track.icicle;
  const painter = new BoxPainter(drawing, track);
  const firstDepth = Math.max(0, Math.floor(-top / area.rowHeight));
  const lastDepth = Math.min(levels.length - 1, Math.floor((height - top) / area.rowHeight));
  let isWhole = true;
  for (let depth = firstDepth; depth <= lastDepth; depth++) {
    const level = levels[depth] as IcicleLevel;
    painter.begin(depth, top + depth * area.rowHeight, false);
    visitVisible(edges, level, area.view, area.width, painter);
    if (scene.found !== null) {
      if (performance.now() > drawing.until) {
        isWhole = false;
        continue;
      }
      painter.begin(depth, top + depth * area.rowHeight, true);
      visitVisible(edges, foundLevel(level, scene.found), area.view, area.width, painter);
    }
  }
  painter.drawLabels();
  drawCurrent(drawing, track, top);
  return isWhole;
}

interface Label {
  readonly text: string;
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly style: string;
}

/** Fills boxes, and keeps their names for later: changing between fills and text is what costs. */
class BoxPainter implements BoxReceiver {
  readonly #drawing: Drawing;
  readonly #track: Track;
  readonly #total: number;
  readonly #labels: Label[] = [];
  readonly #labelStyle: string;
  #depth = 0;
  #top = 0;
  #isFound = false;

  constructor(drawing: Drawing, track: Track) {
    this.#drawing = drawing;
    this.#track = track;
    this.#total = endOf(track.icicle) - (track.icicle.edges[0] ?? 0);
    this.#labelStyle = `rgb(${drawing.theme.palette.label.join(' ')})`;
  }

  /** @param isFound whether what follows is what a search found, drawn over what it did not find */
  begin(depth: number, top: number, isFound: boolean): void {
    [this.#depth, this.#top, this.#isFound] = [depth, top, isFound];
  }

  box(of: number, left: number, right: number, box: number): void {
    const { scene, theme, area } = this.#drawing;
    // A found box has another position in its level.
    const place = this.#isFound ? null : { depth: this.#depth, box };
    const gap = right - left > 3 ? 0.5 : 0;
    const [from, to] = [Math.max(left, -1), Math.min(right - gap, area.width + 1)];
    this.#fill(this.#track.icicle, of, place, 1);
    this.#rect(from, to);
    if (this.#isFound) this.#underline(from, to, theme.accent);
    else if (scene.selected >= 0 && of === scene.selected) this.#underline(from, to, theme.own);
    const isDimmed = scene.found !== null && !this.#isFound;
    if (isDimmed && scene.found?.[of] === 1) return;
    const visible = Math.min(right, area.width) - Math.max(left, 0);
    if (right - left < leastLabelWidth || visible < leastLabelWidth * 0.7) return;
    const style = isDimmed ? theme.faint : this.#isFound ? theme.foundText : this.#labelStyle;
    const text = labelOf(scene, this.#track.icicle, of);
    this.#labels.push({ text, left: Math.max(left, 0), right: Math.min(right, area.width), top: this.#top, style });
  }

  run(of: number, left: number, right: number, covered: number): void {
    // Few shades, as changing between them costs.
    const shade = Math.ceil(covered * 4) / 4;
    this.#fill(this.#track.icicle, of, null, this.#isFound ? 1 : 0.25 + 0.75 * shade);
    if (this.#isFound) this.#drawing.canvas.fillStyle = this.#drawing.theme.accent;
    this.#rect(left, Math.max(right, this.#isFound ? left + leastFoundWidth : left));
    this.#drawing.canvas.globalAlpha = 1;
  }

  /** Writes the names of everything that was drawn. */
  drawLabels(): void {
    const { canvas, theme, area, characterWidth } = this.#drawing;
    canvas.globalAlpha = 1;
    canvas.font = theme.font;
    canvas.textBaseline = 'middle';
    const middle = (area.rowHeight - rowGap) / 2 + 0.5;
    for (const { text, left, right, top, style } of this.#labels) {
      const room = Math.floor((right - left - 6) / characterWidth);
      if (room < 2) continue;
      canvas.fillStyle = theme.isForced ? theme.text : style;
      const cut = text.length > room ? `${text.slice(0, room - 1)}…` : text;
      // Wider characters than those of ASCII are squeezed into the box.
      canvas.fillText(cut, left + 4, top + middle, Math.max(1, right - left - 6));
    }
  }

  #fill(icicle: Track['icicle'], of: number, place: Parameters<BoxColours['colour']>[2], alpha: number): void {
    const { canvas, theme, scene, colours } = this.#drawing;
    const isDimmed = scene.found !== null && !this.#isFound;
    canvas.globalAlpha = isDimmed ? alpha * 0.3 : alpha;
    const style = this.#isFound ? theme.found : colours.colour(icicle, of, place, this.#total);
    if (canvas.fillStyle !== style) canvas.fillStyle = style;
  }

  #rect(left: number, right: number): void {
    const { canvas, theme, area } = this.#drawing;
    const height = area.rowHeight - rowGap;
    if (!theme.isForced) {
      canvas.fillRect(left, this.#top, Math.max(right - left, 0.5), height);
      return;
    }
    canvas.strokeStyle = this.#isFound ? theme.focus : theme.text;
    canvas.strokeRect(left + 0.5, this.#top + 0.5, Math.max(right - left - 1, 0.5), height - 1);
  }

  #underline(left: number, right: number, style: string): void {
    const { canvas, area } = this.#drawing;
    canvas.globalAlpha = 1;
    canvas.fillStyle = style;
    canvas.fillRect(left, this.#top + area.rowHeight - rowGap - 2, Math.max(right - left, 0.5), 2);
  }
}

/** A frame around the box that keys move. */
function drawCurrent({ canvas, scene, theme, area }: Drawing, track: Track, top: number): void {
  const { current } = scene;
  if (current === null || scene.tracks[current.track] !== track) return;
  const [begin, end] = spanOf(track.icicle, current.place);
  const scale = area.width / (area.view.end - area.view.begin);
  const left = Math.max(-3, (begin - area.view.begin) * scale);
  const right = Math.min(area.width + 3, (end - area.view.begin) * scale);
  if (right < 0 || left > area.width) return;
  canvas.lineWidth = 2;
  canvas.strokeStyle = theme.focus;
  const y = top + current.place.depth * area.rowHeight;
  canvas.strokeRect(left + 1, y + 1, Math.max(right - left - 2, 2), area.rowHeight - rowGap - 2);
  canvas.lineWidth = 1;
}
