/** Where in the depth is what is on screen? A narrow picture of all depths, by which one scrolls. */
import type { VNode } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { beginOf, endOf, spanOf } from './icicle.ts';
import { prepareCanvas, type Stage } from './stage.ts';
import { heightOf, type Track } from './track.ts';

const width = 14;

/** Of the boxes of a depth, so many are looked at, evenly spread. */
const mostLookedAt = 64;

/** Nothing where everything fits on screen. Keys scroll the same by PgUp and PgDn. */
export function DepthMap({ stage, drawn }: { readonly stage: Stage; readonly drawn: number }): VNode | null {
  const canvas = useRef<HTMLCanvasElement>(null);
  const isNeeded = stage.mostScroll > 0;
  useEffect(() => {
    if (canvas.current !== null) drawDepths(canvas.current, stage);
  }, [stage, drawn, isNeeded]);
  if (!isNeeded) return null;
  const scrollTo = (event: PointerEvent): void => {
    const { top, height } = (event.currentTarget as HTMLElement).getBoundingClientRect();
    const all = heightOf(stage.scene.tracks);
    stage.scrollTo(((event.clientY - top) / height) * all - stage.bodyHeight / 2);
  };
  return (
    <div class="depth-map" aria-hidden="true">
      <canvas
        ref={canvas}
        onPointerDown={(event) => {
          event.currentTarget.setPointerCapture(event.pointerId);
          scrollTo(event);
        }}
        onPointerMove={(event) => event.buttons > 0 && scrollTo(event)}
      />
    </div>
  );
}

function drawDepths(element: HTMLCanvasElement, stage: Stage): void {
  const height = stage.height;
  const canvas = prepareCanvas(element, width, height);
  if (canvas === null) return;
  const { scene, theme } = stage;
  const all = Math.max(1, heightOf(scene.tracks));
  canvas.fillStyle = theme.panel;
  canvas.fillRect(0, 0, width, height);
  canvas.fillStyle = theme.faint;
  canvas.globalAlpha = 0.55;
  for (let y = 0; y < height; y++) {
    const share = coverAt(scene.tracks, (y / height) * all, scene.rowHeight);
    if (share > 0) canvas.fillRect(2, y, Math.max(1, share * (width - 4)), 1);
  }
  canvas.globalAlpha = 0.22;
  canvas.fillStyle = theme.focus;
  const [top, part] = [(stage.scroll / all) * height, (stage.bodyHeight / all) * height];
  canvas.fillRect(0, top, width, Math.max(6, part));
  canvas.globalAlpha = 1;
  canvas.strokeStyle = theme.focus;
  canvas.strokeRect(0.5, top + 0.5, width - 1, Math.max(6, part) - 1);
}

/** How much of the time has a box at a height of all tracks; an estimate. */
function coverAt(tracks: readonly Track[], y: number, rowHeight: number): number {
  const track = tracks.find(({ top, height }) => y >= top && y < top + height);
  if (track === undefined) return 0;
  const { icicle } = track;
  const depth = Math.floor((y - track.top - track.headHeight) / rowHeight);
  const count = icicle.levels[depth]?.of.length ?? 0;
  if (count === 0) return 0;
  const step = Math.max(1, Math.floor(count / mostLookedAt));
  let [seconds, looked] = [0, 0];
  for (let box = 0; box < count; box += step) {
    const [begin, end] = spanOf(icicle, { depth, box });
    seconds += end - begin;
    looked++;
  }
  return Math.min(1, (seconds * count) / looked / Math.max(Number.MIN_VALUE, endOf(icicle) - beginOf(icicle)));
}
