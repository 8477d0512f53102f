/** How does one row of the call tree look? */
import type { VNode } from 'preact';
import { useMemo } from 'preact/hooks';
import { isSynthetic, totalSelfTime } from '../../../src/tree/call-node.ts';
import { shareOf } from '../../../src/tree/heat.ts';
import { nodeShortPath } from '../../../src/tree/short-path.ts';
import { threadTimes } from '../../../src/tree/shown-threads.ts';
import { countText, type FormatShare, microsecondTime, percentText, shortTime } from '../../format.ts';
import { reachedInterval, sampleCountOf } from '../../model/sample-count.ts';
import { usePage } from '../../page.ts';
import { shownText } from '../../parts/function-name.tsx';
import { HeatBar } from '../../parts/heat-bar.tsx';
import { FunctionCell, GroupText, indentOf, RowFrame, type RowFrameProps, Twisty } from '../../tree-rows/row-parts.tsx';
import type { GroupRow, NodeRow, ThreadRow } from '../../tree-rows/rows.ts';

/** What a row needs besides itself. */
export interface TreeRowProps extends RowFrameProps {
  readonly isFound: boolean;
  readonly formatTime: FormatShare;
  readonly hasPercent: boolean;
}

/** A row of the grid. */
export function TreeRow(props: TreeRowProps): VNode {
  const { row, index, top, isCurrent, onPoint } = props;
  return (
    <RowFrame row={row} index={index} top={top} isCurrent={isCurrent} onPoint={onPoint}>
      {row.kind === 'node' ? <NodeCells {...props} row={row} /> : <WideCell row={row} />}
    </RowFrame>
  );
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
      <FunctionCell
        row={row}
        path={isSynthetic(node) ? '' : nodeShortPath(node, row.caller, owner.shortPath)}
        isFound={isFound}
      />
    </>
  );
}

/** Zero is the usual case and says nothing; sums of floating-point numbers may miss it by a little. */
function unlessNothing(text: string): string {
  return Number(text) <= 0 ? '' : text;
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
