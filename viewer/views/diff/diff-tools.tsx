/** How is the comparison to be read? Unit, order, what is left out. */
import type { VNode } from 'preact';
import type { ComparisonView } from '../../model/comparison.ts';
import { usePage } from '../../page.ts';
import { CommandButton } from '../../parts/command-button.tsx';

/** What a person has chosen. */
export interface DiffSettings extends ComparisonView {
  /** What stands first among siblings: what changed most, or what took longest. */
  readonly order: 'change' | 'time';
}

/** What the tools need. */
export interface DiffToolsProps {
  readonly settings: DiffSettings;
  readonly onChange: (settings: DiffSettings) => void;
}

/** A line above the tree. */
export function DiffTools({ settings, onChange }: DiffToolsProps): VNode {
  const showsAll = usePage().state.options.collapse === 'disabled';
  return (
    <div class="tree-tools">
      <Segments
        legend="Unit"
        chosen={settings.normalize ? 'share' : 'seconds'}
        choices={[
          ['seconds', 'Seconds', 'Seconds of each recording'],
          ['share', 'Share', 'Parts of each recording’s total: for runs of different length'],
        ]}
        onChoose={(unit) => onChange({ ...settings, normalize: unit === 'share' })}
      />
      <Segments
        legend="Order"
        chosen={settings.order}
        choices={[
          ['change', 'Most changed first', ''],
          ['time', 'Longest first', ''],
        ]}
        onChoose={(order) => onChange({ ...settings, order })}
      />
      <label class="check">
        <input
          type="checkbox"
          checked={settings.hidesUnchanged && !showsAll}
          disabled={showsAll}
          onChange={(event) => onChange({ ...settings, hidesUnchanged: event.currentTarget.checked })}
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

interface SegmentsProps<Value extends string> {
  readonly legend: string;
  readonly chosen: Value;
  readonly choices: readonly (readonly [value: Value, text: string, tip: string])[];
  readonly onChoose: (value: Value) => void;
}

function Segments<Value extends string>({ legend, chosen, choices, onChoose }: SegmentsProps<Value>): VNode {
  return (
    <fieldset class="segments">
      <legend class="unseen">{legend}</legend>
      {choices.map(([value, text, tip]) => (
        <label key={value} title={tip}>
          <input type="radio" name={legend} checked={value === chosen} onChange={() => onChoose(value)} />
          <span>{text}</span>
        </label>
      ))}
    </fieldset>
  );
}
