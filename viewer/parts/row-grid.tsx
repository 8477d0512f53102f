/** How does a table with any number of rows look? Its rows are in the document as far as they are on the screen. */
import type { ComponentChildren, VNode } from 'preact';
import { useLayoutEffect, useMemo, useRef } from 'preact/hooks';
import { usePrinting } from './use-printing.ts';
import { VirtualList } from './virtual-list.tsx';
import './row-grid.css';

/** What a table needs. */
export interface RowGridProps {
  /** By which the view's keys know it. */
  readonly name: string;
  readonly label: string;
  /** Gives the style sheet its columns. */
  readonly class: string;
  /** One element with the role `columnheader` for each column. */
  readonly headings: ComponentChildren;
  readonly columnCount: number;
  readonly count: number;
  /** Position of the selected row; −1: none is. */
  readonly current: number;
  readonly rowHeight: number;
  readonly isBusy?: boolean;
  /** One element with the role `gridcell` for each column. */
  readonly renderCells: (index: number) => ComponentChildren;
  readonly rowClass?: (index: number) => string;
  readonly onPoint: (index: number, event: MouseEvent) => void;
}

/** Fingers need more room than a mouse. CSS pixels. */
const rowHeights = { fine: 24, coarse: 36 } as const;

/** How high rows are that are pressed to go somewhere. */
export function useRowHeight(): number {
  return useMemo(() => (matchMedia('(pointer: coarse)').matches ? rowHeights.coarse : rowHeights.fine), []);
}

/** Headings that stay, rows below them. Keys move the selected row; the view listens to them. */
export function RowGrid(props: RowGridProps): VNode {
  const { current, rowHeight } = props;
  const isPrinting = usePrinting();
  const grid = useKeptFocus();
  return (
    <div
      ref={grid}
      role="grid"
      class={`row-grid ${props.class}`}
      aria-label={props.label}
      aria-rowcount={props.count + 1}
      aria-colcount={props.columnCount}
      aria-busy={props.isBusy}
      data-keys="rows"
      data-list={props.name}
      style={{ '--row-height': `${rowHeight}px` }}
    >
      <div role="rowgroup" class="headings">
        <div role="row" class="row" aria-rowindex={1}>
          {props.headings}
        </div>
      </div>
      <VirtualList
        count={props.count}
        rowHeight={rowHeight}
        keptRow={Math.max(0, current)}
        isPrinted={isPrinting}
        renderRow={(index, top) => (
          // biome-ignore lint/a11y/useKeyWithClickEvents: the page hears the keys of rows, as keys.ts lists them.
          <div
            key={index}
            role="row"
            class={`row ${props.rowClass?.(index) ?? ''}`}
            aria-rowindex={index + 2}
            aria-selected={index === current}
            tabIndex={index === Math.max(0, current) ? 0 : -1}
            data-row={index}
            style={{ transform: `translateY(${top}px)` }}
            onClick={(event) => props.onPoint(index, event)}
          >
            {props.renderCells(index)}
          </div>
        )}
      />
    </div>
  );
}

/** Where rows go, or another one is selected, the focus stays in the table: on its selected row. */
function useKeptFocus(): { readonly current: HTMLDivElement | null } {
  const grid = useRef<HTMLDivElement>(null);
  const { activeElement } = document;
  const hadFocus = activeElement?.matches('[role="row"]') === true && grid.current?.contains(activeElement) === true;
  useLayoutEffect(() => {
    const selected = grid.current?.querySelector<HTMLElement>('[role="row"][tabindex="0"]');
    if (hadFocus && selected !== document.activeElement) selected?.focus({ preventScroll: true });
  });
  return grid;
}
