/** Of what are the rows of a tree made, whatever stands in their columns? */
import type { ComponentChildren, VNode } from 'preact';
import { displayName } from '../../src/tree/call-node.ts';
import { hiddenLibraries } from '../../src/tree/hidden-frames.ts';
import { FunctionName, shownText } from '../parts/function-name.tsx';
import type { GroupRow, NodeRow, Row } from './rows.ts';

/** Where a row stands, and what becomes of presses on it. */
export interface RowFrameProps {
  readonly row: Row;
  readonly index: number;
  readonly top: number;
  readonly isCurrent: boolean;
  readonly onPoint: (row: Row, event: MouseEvent, isTwisty: boolean) => void;
}

/** In steps, whose width the style sheet knows: by level at first, then less, so that deep rows can be seen. */
export function indentOf(level: number): string {
  const steps = level - 1;
  const width = Math.min(steps, 24) + Math.min(Math.max(0, steps - 24), 60) * 0.2;
  return `calc(var(--step) * ${width})`;
}

/** From this level on rows say how deep they are: indentation does not any more. */
const deepLevel = 85;

/** A row of a treegrid. */
export function RowFrame({
  row,
  index,
  top,
  isCurrent,
  onPoint,
  children,
}: RowFrameProps & { readonly children: ComponentChildren }): VNode {
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the page hears the keys of rows, as keys.ts lists them.
    <div
      role="row"
      class={`row ${row.kind}`}
      aria-level={row.level}
      aria-posinset={row.position}
      aria-setsize={row.setSize}
      aria-rowindex={index + 2}
      aria-expanded={row.hasChildren ? row.isOpen : undefined}
      aria-selected={isCurrent}
      tabIndex={isCurrent ? 0 : -1}
      data-row={index}
      style={{ transform: `translateY(${top}px)` }}
      onClick={(event) => onPoint(row, event, isTwisty(event))}
      onDblClick={(event) => onPoint(row, event, true)}
    >
      {children}
    </div>
  );
}

function isTwisty(event: MouseEvent): boolean {
  return event.target instanceof Element && event.target.closest('.twisty') !== null;
}

/** What a frame's own cell needs. */
export interface FunctionCellProps {
  readonly row: NodeRow;
  /** `''` for what is no code. */
  readonly path: string;
  readonly isFound: boolean;
}

/** The cell that makes a tree of the rows: name and place, as far in as the row is deep. */
export function FunctionCell({ row, path, isFound }: FunctionCellProps): VNode {
  const { node, tree } = row;
  const { kind, firstLine } = node.frame;
  return (
    <span role="gridcell" class="function" style={{ paddingLeft: indentOf(row.level) }}>
      <Twisty row={row} />
      {row.level > deepLevel ? <span class="chip">level {row.level}</span> : null}
      <FunctionName
        name={kind === 'self' ? 'self' : displayName(node)}
        place={path === '' || firstLine === 0 ? path : `${path}:${firstLine}`}
        isApplication={tree.isApplication(node)}
        isFound={isFound}
      />
      {node.recursionLevels === undefined ? null : <span class="chip">recursion, {node.recursionLevels} deep</span>}
    </span>
  );
}

/** The bar that stands for hidden frames. */
export function GroupText({ row }: { readonly row: GroupRow }): VNode {
  const libraries = hiddenLibraries(row.hidden, row.owner.shortPath);
  return (
    <span class="hidden-frames twisty">
      {row.isOpen ? `${row.hidden.count} frames shown` : `${row.hidden.count} frames hidden`}
      <bdi class="place">{shownText(libraries.join(', '))}</bdi>
    </span>
  );
}

/** Whether a row is open. */
export function Twisty({ row }: { readonly row: Row }): VNode {
  return <span class={`twisty ${row.hasChildren ? (row.isOpen ? 'down' : 'right') : 'none'}`} aria-hidden="true" />;
}
