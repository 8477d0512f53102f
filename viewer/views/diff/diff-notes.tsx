/** What must a reader of the comparison know? What is left out, what may be chance, what does not apply. */
import type { VNode } from 'preact';
import { noiseMark } from '../../../src/render/diff-numbers.ts';
import { formatFixed } from '../../../src/render/fixed-point.ts';
import { countText } from '../../format.ts';
import type { ComparedThread, Comparison } from '../../model/comparison.ts';
import { usePage } from '../../page.ts';
import { shownText } from '../../parts/function-name.tsx';
import { canUndo } from '../../run-command.ts';

/** What the notes are about. */
export interface DiffNotesProps {
  readonly comparison: Comparison;
  readonly threads: readonly ComparedThread[];
  readonly normalize: boolean;
}

/** Below the tree. */
export function DiffNotes({ comparison, threads, normalize }: DiffNotesProps): VNode {
  const { state } = usePage();
  const notes = [`+ is slower, - is faster. ${noiseMark} may be chance: sampling alone makes changes of this size.`];
  for (const { diff, thread } of threads) {
    const { least, tree } = diff;
    if (least === 0 || tree === null || tree.omitted === 0) continue;
    const limit = normalize ? `${formatFixed(least * 100, 1)} points` : `${formatFixed(least, 3)} s`;
    const where = threads.length === 1 ? '' : ` in ${shownText(thread.name)}`;
    notes.push(`${countText(tree.omitted)} calls${where} that changed by less than ${limit} are hidden.`);
  }
  if (comparison.weightOf(state) !== state.weight) notes.push('One recording does not say that: all time is compared.');
  if (canUndo(state)) notes.push('Steps, cuts in time and inversion do not apply here.');
  return (
    <ul class="diff-notes">
      {notes.map((note) => (
        <li key={note}>{note}</li>
      ))}
    </ul>
  );
}
