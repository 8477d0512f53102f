/** Which calls got slower or faster? The tree of both recordings, as rows that open and close. */
import type { VNode } from 'preact';
import { titles } from '../../../src/render/diff-parts.ts';
import { formatFixed } from '../../../src/render/fixed-point.ts';
import { isSynthetic } from '../../../src/tree/call-node.ts';
import type { DiffNode } from '../../../src/tree/diff.ts';
import { nodeShortPath } from '../../../src/tree/short-path.ts';
import type { ThreadTimes } from '../../../src/tree/shown-threads.ts';
import type { ComparedThread } from '../../model/comparison.ts';
import { shownText } from '../../parts/function-name.tsx';
import { usePrinting } from '../../parts/use-printing.ts';
import { VirtualList } from '../../parts/virtual-list.tsx';
import { FunctionCell, GroupText, indentOf, RowFrame, Twisty } from '../../tree-rows/row-parts.tsx';
import type { NodeRow, Row } from '../../tree-rows/rows.ts';
import type { TreeRows } from '../../tree-rows/use-tree-rows.ts';
import '../../tree-rows/tree-grid.css';
import { ChangeCells, type ChangeFormat } from './change-cells.tsx';

/** What the table needs. */
export interface DiffGridProps extends ChangeFormat {
  readonly rows: TreeRows;
  readonly threads: readonly ComparedThread[];
  readonly found: ReadonlySet<string> | undefined;
  readonly isBusy: boolean;
}

/** Headings that stay, rows below them. */
export function DiffGrid(props: DiffGridProps): VNode {
  const { rows: control, normalize, isBusy } = props;
  const { rows } = control;
  const isPrinting = usePrinting();
  const largest = largestChange(rows);
  const { before, after, change } = titles(normalize);
  const unit = normalize ? '' : ' s';
  return (
    <div
      role="treegrid"
      class="grid diff-grid"
      aria-label="Calls before and after"
      aria-rowcount={rows.length + 1}
      aria-colcount={5}
      aria-busy={isBusy}
      data-keys="rows"
    >
      <div role="rowgroup" class="columns">
        <div role="row" class="row heading" aria-rowindex={1}>
          <span role="columnheader">
            {before}
            {unit}
          </span>
          <span role="columnheader" class="number">
            {after}
            {unit}
          </span>
          <span role="columnheader" class="number">
            {change}
            {unit}
          </span>
          <span role="columnheader" class="number">
            %
          </span>
          <span role="columnheader">Function</span>
        </div>
      </div>
      <VirtualList
        count={rows.length}
        rowHeight={control.rowHeight}
        keptRow={control.current}
        isPrinted={isPrinting}
        renderRow={(index, top) => {
          const row = rows[index];
          if (row === undefined) return null;
          return (
            <RowFrame
              key={row.key}
              {...{ row, index, top, isCurrent: index === control.current, onPoint: control.onPoint }}
            >
              {row.kind === 'node' ? (
                <NodeCells {...props} row={row} largest={largest} />
              ) : (
                <span role="gridcell" class="wide" style={{ paddingLeft: indentOf(row.level) }}>
                  <Twisty row={row} />
                  {row.kind === 'group' ? <GroupText row={row} /> : <ThreadText thread={row.owner as ComparedThread} />}
                </span>
              )}
            </RowFrame>
          );
        }}
      />
    </div>
  );
}

function largestChange(rows: readonly Row[]): number {
  return rows.reduce((most, row) => (row.kind === 'node' ? Math.max(most, Math.abs(nodeOf(row).change)) : most), 0);
}

/** Rows of a comparison have its nodes. */
function nodeOf(row: NodeRow): DiffNode {
  return row.node as DiffNode;
}

function NodeCells({
  row,
  largest,
  format,
  normalize,
  found,
}: DiffGridProps & { readonly row: NodeRow; readonly largest: number }): VNode {
  const node = nodeOf(row);
  const side = node.status === 'gone' ? 'before' : 'after';
  const { names } = (row.owner as ComparedThread).diff;
  const caller = (row.caller as DiffNode | null)?.calls[side] ?? null;
  return (
    <>
      <ChangeCells change={node} {...{ largest, format, normalize }} />
      <FunctionCell
        row={row}
        path={isSynthetic(node) ? '' : nodeShortPath(node, caller, names[side])}
        isFound={found?.has(node.frame.identifier) === true}
      />
    </>
  );
}

function ThreadText({ thread: { thread, diff, owner } }: { readonly thread: ComparedThread }): VNode {
  const { before, after } = diff.times;
  const seconds = (times: ThreadTimes | null): string => (times === null ? '–' : `${formatFixed(times.running, 1)} s`);
  const pid = (owner.after ?? owner.before)?.pid;
  return (
    <>
      <bdi class="name">{shownText(thread.name)}</bdi>
      <span class="place" title={pid === undefined ? '' : `Process ${pid}`}>
        {seconds(before)} → {seconds(after)} running
      </span>
    </>
  );
}
