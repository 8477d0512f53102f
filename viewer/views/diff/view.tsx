/** What got slower or faster between two recordings? Their calls side by side. */
import type { VNode } from 'preact';
import { useMemo } from 'preact/hooks';
import { changeFormat } from '../../../src/render/diff-numbers.ts';
import { changedFunctions } from '../../../src/render/diff-parts.ts';
import type { DiffNode } from '../../../src/tree/diff.ts';
import type { ComparedThread, Comparison, ComparisonView } from '../../model/comparison.ts';
import { useCommands, usePage } from '../../page.ts';
import { usePrepared } from '../../parts/use-prepared.ts';
import type { RowOrder } from '../../tree-rows/rows.ts';
import { useTreeRows } from '../../tree-rows/use-tree-rows.ts';
import type { View } from '../view.ts';
import { ChangedFunctions } from './changed-functions.tsx';
import { DiffGrid } from './diff-grid.tsx';
import { DiffHead } from './diff-head.tsx';
import { DiffNotes } from './diff-notes.tsx';
import { DiffTools } from './diff-tools.tsx';
import './diff.css';

/** There when the page has a second recording. */
export const diffView: View = {
  id: 'diff',
  title: 'Diff',
  isAvailable: ({ comparison }) => comparison !== null,
  Component: Diff,
};

function Diff(): VNode | null {
  const { comparison } = usePage().model;
  return comparison === null ? null : <Compared comparison={comparison} />;
}

function Compared({ comparison }: { readonly comparison: Comparison }): VNode {
  const { state, model } = usePage();
  const view = comparison.viewOf(state);
  const { value: threads, isPending } = usePrepared(
    () => comparison.threads(state, view),
    !model.isLarge || comparison.hasThreads(state, view),
  );
  return (
    <div class="scroller">
      <DiffHead comparison={comparison} />
      <DiffTools view={view} />
      {threads === undefined ? (
        <p class="empty">Comparing…</p>
      ) : threads.every(({ tree }) => tree === null) ? (
        <p class="empty">Neither recording has samples here.</p>
      ) : (
        <Trees comparison={comparison} threads={threads} view={view} isPending={isPending} />
      )}
    </div>
  );
}

interface TreesProps {
  readonly comparison: Comparison;
  readonly threads: readonly ComparedThread[];
  readonly view: ComparisonView;
  readonly isPending: boolean;
}

/** Calls that took longest on either side come first. */
const byTime: RowOrder = (one, other) => longest(other as DiffNode) - longest(one as DiffNode);

function longest({ before, after }: DiffNode): number {
  return Math.max(before, after);
}

function Trees({ comparison, threads, view, isPending }: TreesProps): VNode {
  const { state } = usePage();
  const { search, settings } = state;
  const found = useMemo(() => comparison.found(search), [comparison, search]);
  const order = settings.order === 'time' ? byTime : undefined;
  const rows = useTreeRows({ name: 'diff', trees: threads, found, ...(order === undefined ? {} : { order }) });
  useCommands(rows.handlers);
  const { normalize } = view;
  const format = useMemo(
    () => changeFormat(normalize, comparison.before.meta, comparison.after.meta),
    [normalize, comparison],
  );
  return (
    <>
      <DiffGrid rows={rows} threads={threads} format={format} normalize={normalize} found={found} isBusy={isPending} />
      <DiffNotes comparison={comparison} threads={threads} normalize={normalize} />
      {threads.map((thread) => (
        <ChangedFunctions
          key={thread.position}
          functions={changedFunctions(thread.diff)}
          thread={thread}
          isAlone={threads.length === 1}
          {...{ format, normalize, found }}
        />
      ))}
    </>
  );
}
