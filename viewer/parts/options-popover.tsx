/** Which frames are shown, and how are times written? */
import type { ComponentChildren, VNode } from 'preact';
import { usePage } from '../page.ts';
import { initialOptions, type ViewOptions } from '../state/state.ts';
import { CommandButton } from './command-button.tsx';
import { Popover } from './popover.tsx';

/** A button, and what it opens. */
export function OptionsPopover(): VNode {
  const { state, dispatch } = usePage();
  const isOpen = state.overlay === 'options';
  return (
    <div class="owner">
      <CommandButton command="options" isExpanded={isOpen}>
        Options
      </CommandButton>
      {isOpen ? (
        <Popover label="Options" onClose={() => dispatch({ kind: 'overlay', overlay: null })}>
          <Options />
        </Popover>
      ) : null}
    </div>
  );
}

function Options(): VNode {
  const { state, dispatch, model } = usePage();
  const { options } = state;
  const set = (change: Partial<ViewOptions>): void => dispatch({ kind: 'set-options', options: change });
  const defaults = initialOptions(model.contents.defaults);
  const isPython = model.session.processes.every(({ runtime }) => runtime !== 'node');
  return (
    <div class="options">
      <fieldset>
        <legend>Collapse frames</legend>
        <Choice name="collapse" value="library" current={options.collapse} onChoose={(collapse) => set({ collapse })}>
          Library code
        </Choice>
        <Choice name="collapse" value="custom" current={options.collapse} onChoose={(collapse) => set({ collapse })}>
          Custom
        </Choice>
        {options.collapse === 'custom' ? (
          <div class="nested">
            <Pattern label="Show regex" value={options.show} onType={(show) => set({ show })} />
            <Pattern label="Hide regex" value={options.hide} onType={(hide) => set({ hide })} />
            <p class="detail">Found anywhere in a file’s path. For other files the rule about libraries holds.</p>
          </div>
        ) : null}
        <Choice name="collapse" value="disabled" current={options.collapse} onChoose={(collapse) => set({ collapse })}>
          Nothing
        </Choice>
        <Check isOn={options.foldRecursion} onChange={(foldRecursion) => set({ foldRecursion })}>
          Deep recursion into one row
        </Check>
      </fieldset>
      <fieldset>
        <legend>Remove frames</legend>
        <Check isOn={options.removeImportlib} onChange={(removeImportlib) => set({ removeImportlib })}>
          import machinery
        </Check>
        {isPython ? (
          <Check isOn={options.removeTracebackhide} onChange={(removeTracebackhide) => set({ removeTracebackhide })}>
            frames with <code>__tracebackhide__</code>
          </Check>
        ) : null}
        <Check isOn={options.removeSmall} onChange={(removeSmall) => set({ removeSmall })}>
          frames with less than{' '}
          <input
            type="number"
            min="0"
            max="99"
            step="0.01"
            aria-label="Least percent of the total"
            value={options.smallPercent}
            disabled={!options.removeSmall}
            onChange={(event) => set({ smallPercent: clampPercent(event.currentTarget.valueAsNumber) })}
          />{' '}
          % of the total
        </Check>
      </fieldset>
      <fieldset>
        <legend>Times</legend>
        <Choice name="time" value="seconds" current={options.time} onChoose={(time) => set({ time })}>
          Seconds
        </Choice>
        <Choice name="time" value="percent_of_total" current={options.time} onChoose={(time) => set({ time })}>
          Percent of the total
        </Choice>
      </fieldset>
      <button type="button" class="button" onClick={() => set(defaults)}>
        As at first
      </button>
    </div>
  );
}

function clampPercent(value: number): number {
  return Number.isNaN(value) ? 0 : Math.min(99, Math.max(0, value));
}

interface ChoiceProps<Value extends string> {
  readonly name: string;
  readonly value: Value;
  readonly current: string;
  readonly onChoose: (value: Value) => void;
  readonly children: ComponentChildren;
}

function Choice<Value extends string>({ name, value, current, onChoose, children }: ChoiceProps<Value>): VNode {
  return (
    <label>
      <input type="radio" name={name} checked={value === current} onChange={() => onChoose(value)} />
      <span>{children}</span>
    </label>
  );
}

interface CheckProps {
  readonly isOn: boolean;
  readonly onChange: (isOn: boolean) => void;
  readonly children: ComponentChildren;
}

function Check({ isOn, onChange, children }: CheckProps): VNode {
  return (
    <label>
      <input type="checkbox" checked={isOn} onChange={(event) => onChange(event.currentTarget.checked)} />
      <span>{children}</span>
    </label>
  );
}

interface PatternProps {
  readonly label: string;
  readonly value: string;
  readonly onType: (value: string) => void;
}

function Pattern({ label, value, onType }: PatternProps): VNode {
  const isWrong = !isRegex(value);
  return (
    <label class="pattern">
      <span>{label}</span>
      <input
        type="text"
        spellcheck={false}
        value={value}
        aria-invalid={isWrong}
        title={isWrong ? 'Not a regular expression yet' : ''}
        onInput={(event) => onType(event.currentTarget.value)}
      />
    </label>
  );
}

function isRegex(text: string): boolean {
  try {
    return new RegExp(text) instanceof RegExp;
  } catch {
    return false;
  }
}
