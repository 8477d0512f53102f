/** Where did the time go? The call tree, as rows that open and close. */
import type { VNode } from 'preact';
import { useMemo } from 'preact/hooks';
import { counted } from '../../../src/render/time-format.ts';
import { columnFormat, unitLabel } from '../../format.ts';
import type { ThreadTree } from '../../model/thread-tree.ts';
import { useCommands, usePage } from '../../page.ts';
import { CommandButton } from '../../parts/command-button.tsx';
import { HottestLines } from '../../parts/hottest-lines.tsx';
import { usePrepared } from '../../parts/use-prepared.ts';
import { usePrinting } from '../../parts/use-printing.ts';
import { VirtualList } from '../../parts/virtual-list.tsx';
import type { View } from '../view.ts';
import { TreeRow } from './tree-row.tsx';
import { useTreeControl } from './use-tree-control.ts';
import '../../tree-rows/tree-grid.css';

/** The first view. */
export const treeView: View = {
  id: 'tree',
  title: 'Call tree',
  isAvailable: () => true,
  Component: CallTree,
};

const hottestAbove = 3;

function CallTree(): VNode {
  const { state, model } = usePage();
  const { value: trees, isPending } = usePrepared(() => model.trees(state), !model.isLarge || model.hasTrees(state));
  if (trees === undefined) return <p class="empty">Adding up samples…</p>;
  const control = { trees, isPending };
  if (model.session.threads.every(({ stack }) => stack.length === 0))
    return <p class="empty">No samples were recorded.</p>;
  if (trees.every(({ tree }) => tree === null)) {
    return <p class="empty">Nothing is left: all samples were filtered out. Backspace takes back the last step.</p>;
  }
  return <TreeGrid {...control} />;
}

interface TreeGridProps {
  readonly trees: readonly ThreadTree[];
  readonly isPending: boolean;
}

function TreeGrid({ trees, isPending }: TreeGridProps): VNode {
  const { state, model } = usePage();
  const control = useTreeControl(trees);
  const isPrinting = usePrinting();
  useCommands(control.handlers);
  const { time } = state.options;
  const formatTime = useMemo(() => columnFormat(time, model.session.meta.maxInterval), [time, model]);
  const found = model.search(state)?.found;
  const { rows, current } = control;
  const hasPercent = time === 'seconds';
  return (
    <div class="scroller">
      <div class="narrow-only">
        <HottestLines count={hottestAbove} />
      </div>
      <TreeTools />
      <div
        role="treegrid"
        class={`grid ${hasPercent ? '' : 'no-percent'}`}
        aria-label="Call tree"
        aria-rowcount={rows.length + 1}
        aria-colcount={hasPercent ? 4 : 3}
        aria-busy={isPending}
        data-keys="rows"
      >
        <div role="rowgroup" class="columns">
          <div role="row" class="row heading" aria-rowindex={1}>
            <span role="columnheader">Total {unitLabel[time]}</span>
            {hasPercent ? (
              <span role="columnheader" class="number">
                %
              </span>
            ) : null}
            <span role="columnheader" class="number self" title="Time in the function itself">
              Self {unitLabel[time]}
            </span>
            <span role="columnheader">Function</span>
          </div>
        </div>
        <VirtualList
          count={rows.length}
          rowHeight={control.rowHeight}
          keptRow={current}
          isPrinted={isPrinting}
          renderRow={(index, top) => {
            const row = rows[index];
            if (row === undefined) return null;
            return (
              <TreeRow
                key={row.key}
                row={row}
                index={index}
                top={top}
                isCurrent={index === current}
                isFound={row.kind === 'node' && found?.has(row.node.frame.identifier) === true}
                formatTime={formatTime}
                hasPercent={hasPercent}
                onPoint={control.onPoint}
              />
            );
          }}
        />
      </div>
      <OtherThreads />
    </div>
  );
}

/** Says below the tree what it does not show. */
function OtherThreads(): VNode | null {
  const { state, model, dispatch } = usePage();
  const others = model.session.threads.length - model.positions(state.threads).length;
  if (others === 0) return null;
  return (
    <p class="other-threads">
      {counted(others, 'other thread')} not shown.{' '}
      <button
        type="button"
        class="button"
        onClick={() => dispatch({ kind: 'choose-threads', threads: { kind: 'all' } })}
      >
        Show all
      </button>
    </p>
  );
}

function TreeTools(): VNode {
  return (
    <div class="tree-tools">
      <CommandButton command="open-hot-path" hasKeyCap class="quiet">
        Hot path
      </CommandButton>
      <CommandButton command="open-subtree" hasKeyCap class="quiet">
        Open all below
      </CommandButton>
      <CommandButton command="close-all" hasKeyCap class="quiet">
        Close all
      </CommandButton>
    </div>
  );
}
