/** How does one row of the call tree look? */
import type { VNode } from 'preact';
import { useMemo } from 'preact/hooks';
import { displayName, isSynthetic, totalSelfTime } from '../../../src/tree/call-node.ts';
import { shareOf } from '../../../src/tree/heat.ts';
import { hiddenLibraries } from '../../../src/tree/hidden-frames.ts';
import { nodeShortPath } from '../../../src/tree/short-path.ts';
import { threadTimes } from '../../../src/tree/shown-threads.ts';
import { countText, type FormatShare, microsecondTime, percentText, shortTime } from '../../format.ts';
import { reachedInterval, sampleCountOf } from '../../model/sample-count.ts';
import { usePage } from '../../page.ts';
import { FunctionName, shownText } from '../../parts/function-name.tsx';
import { HeatBar } from '../../parts/heat-bar.tsx';
import type { GroupRow, NodeRow, Row, ThreadRow } from '../../tree-rows/rows.ts';

/** What a row needs besides itself. */
export interface TreeRowProps {
  readonly row: Row;
  readonly index: number;
  readonly top: number;
  readonly isCurrent: boolean;
  readonly isFound: boolean;
  readonly formatTime: FormatShare;
  readonly hasPercent: boolean;
  readonly onPoint: (row: Row, event: MouseEvent, isTwisty: boolean) => void;
}

/** In steps, whose width the style sheet knows: by level at first, then less, so that deep rows can be seen. */
function indentOf(level: number): string {
  const steps = level - 1;
  const width = Math.min(steps, 24) + Math.min(Math.max(0, steps - 24), 60) * 0.2;
  return `calc(var(--step) * ${width})`;
}

/** From this level on rows say how deep they are: indentation does not any more. */
const deepLevel = 85;

/** A row of the grid. */
export function TreeRow(props: TreeRowProps): VNode {
  const { row, index, top, isCurrent, onPoint } = props;
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
      {row.kind === 'node' ? <NodeCells {...props} row={row} /> : <WideCell row={row} />}
    </div>
  );
}

function isTwisty(event: MouseEvent): boolean {
  return event.target instanceof Element && event.target.closest('.twisty') !== null;
}

function NodeCells({ row, formatTime, hasPercent, isFound }: TreeRowProps & { readonly row: NodeRow }): VNode {
  const { node, tree, owner } = row;
  const total = tree.root.time;
  const share = shareOf(node.time, total);
  const self = totalSelfTime(node);
  return (
    <>
      <span role="gridcell" class="time" title={timeTip(row)}>
        <HeatBar share={share} />
        <b class={share >= 0.15 ? 'large' : ''}>{formatTime(node.time, total)}</b>
      </span>
      {hasPercent ? (
        <span role="gridcell" class="number">
          {percentText(node.time, total)}
        </span>
      ) : null}
      <span role="gridcell" class="number self">
        {tree.isInverted || isSynthetic(node) ? '' : unlessNothing(formatTime(self, total))}
      </span>
      <span role="gridcell" class="function" style={{ paddingLeft: indentOf(row.level) }}>
        <Twisty row={row} />
        {row.level > deepLevel ? <span class="chip">level {row.level}</span> : null}
        <FunctionName
          name={node.frame.kind === 'self' ? 'self' : displayName(node)}
          place={isSynthetic(node) ? '' : placeText(row, nodeShortPath(node, row.caller, owner.shortPath))}
          isApplication={tree.isApplication(node)}
          isFound={isFound}
        />
        {node.recursionLevels === undefined ? null : <span class="chip">recursion, {node.recursionLevels} deep</span>}
      </span>
    </>
  );
}

/** Zero is the usual case and says nothing; sums of floating-point numbers may miss it by a little. */
function unlessNothing(text: string): string {
  return Number(text) <= 0 ? '' : text;
}

function placeText({ node: { frame } }: NodeRow, path: string): string {
  return path === '' || frame.firstLine === 0 ? path : `${path}:${frame.firstLine}`;
}

function timeTip({ node, owner, tree }: NodeRow): string {
  const samples = sampleCountOf(node.time, reachedInterval(owner.thread));
  const counted =
    samples === null ? '' : `\nabout ${countText(samples.count)} samples ± ${countText(samples.deviation)}`;
  return `${microsecondTime(node.time)}, ${percentText(node.time, tree.root.time)}${counted}`;
}

/** Threads and bars of hidden frames have one cell for all columns. */
function WideCell({ row }: { readonly row: GroupRow | ThreadRow }): VNode {
  return (
    <span role="gridcell" class="wide" style={{ paddingLeft: indentOf(row.level) }}>
      <Twisty row={row} />
      {row.kind === 'group' ? <GroupText row={row} /> : <ThreadText row={row} />}
    </span>
  );
}

function GroupText({ row }: { readonly row: GroupRow }): VNode {
  const libraries = hiddenLibraries(row.hidden, row.owner.shortPath);
  return (
    <span class="hidden-frames twisty">
      {row.isOpen ? `${row.hidden.count} frames shown` : `${row.hidden.count} frames hidden`}
      <bdi class="place">{shownText(libraries.join(', '))}</bdi>
    </span>
  );
}

function ThreadText({ row }: { readonly row: ThreadRow }): VNode {
  const { thread } = row.owner;
  const { session } = usePage().model;
  const { idle } = useMemo(() => threadTimes(session, thread), [session, thread]);
  return (
    <>
      <bdi class="name">{shownText(thread.name)}</bdi>
      <span class="place">
        {shortTime(row.tree.root.time)}
        {idle > 0 ? `, of which ${shortTime(idle)} waiting` : ''}
      </span>
    </>
  );
}

function Twisty({ row }: { readonly row: Row }): VNode {
  return <span class={`twisty ${row.hasChildren ? (row.isOpen ? 'down' : 'right') : 'none'}`} aria-hidden="true" />;
}
