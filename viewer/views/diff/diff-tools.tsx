/** How is the comparison to be read? Unit, order, what is left out. */
import type { VNode } from 'preact';
import type { ComparisonView } from '../../model/comparison.ts';
import { usePage, useSetting } from '../../page.ts';
import { CommandButton } from '../../parts/command-button.tsx';
import { Segments } from '../../parts/segments.tsx';

/** A line above the tree. */
export function DiffTools({ view }: { readonly view: ComparisonView }): VNode {
  const showsAll = usePage().state.options.collapse === 'disabled';
  const [, setUnit] = useSetting('unit');
  const [order = 'change', setOrder] = useSetting('order');
  const [, setChanges] = useSetting('changes');
  return (
    <div class="tree-tools">
      <Segments
        legend="Unit"
        chosen={view.normalize ? 'share' : 'seconds'}
        choices={[
          ['seconds', 'Seconds', 'Seconds of each recording'],
          ['share', 'Share', 'Parts of each recording’s total: for runs of different length'],
        ]}
        onChoose={setUnit}
      />
      <Segments
        legend="Order"
        chosen={order}
        choices={[
          ['change', 'Most changed first', ''],
          ['time', 'Longest first', ''],
        ]}
        onChoose={setOrder}
      />
      <label class="check">
        <input
          type="checkbox"
          checked={view.hidesUnchanged && !showsAll}
          disabled={showsAll}
          onChange={(event) => setChanges(event.currentTarget.checked ? undefined : 'all')}
        />
        Hide unchanged
      </label>
      <CommandButton command="open-hot-path" hasKeyCap class="quiet">
        Hot path
      </CommandButton>
      <CommandButton command="close-all" hasKeyCap class="quiet">
        Close all
      </CommandButton>
    </div>
  );
}
