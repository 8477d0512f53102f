/** Where in the file are its hot lines? A strip beside the scroll bar; keys go from one to the next without it. */
import type { VNode } from 'preact';
import { useMemo } from 'preact/hooks';
import { heatMarks } from './heat-marks.ts';
import type { SourceControl } from './use-source-control.ts';

/** Pressing it goes to the hottest line near there. Nothing where there is nothing to see. */
export function HeatStrip({ control }: { readonly control: SourceControl }): VNode | null {
  const { rows, lines, point } = control;
  const marks = useMemo(() => heatMarks(rows, lines.table.total), [rows, lines]);
  if (marks.length === 0) return null;
  const goTo = (event: MouseEvent): void => {
    const strip = (event.currentTarget as HTMLElement).getBoundingClientRect();
    const at = (event.clientY - strip.top) / strip.height;
    const nearest = marks.reduce((best, mark) => (Math.abs(mark.top - at) < Math.abs(best.top - at) ? mark : best));
    point(nearest.row);
  };
  return (
    <div class="heat-strip" aria-hidden="true" title="Hot lines of this file" onClick={goTo}>
      {marks.map((mark) => (
        <i
          key={mark.row}
          class={mark.heat}
          style={{
            top: `${(mark.top * 100).toFixed(3)}%`,
            height: `clamp(2px, ${(mark.height * 100).toFixed(3)}%, 6px)`,
            width: `${(15 + mark.width * 85).toFixed(1)}%`,
          }}
        />
      ))}
    </div>
  );
}
