/** How is one of a few things chosen? */
import type { VNode } from 'preact';

/** What is chosen from. */
export interface SegmentsProps<Value extends string> {
  /** What it is about: read aloud. Its radio buttons have it as their name. */
  readonly legend: string;
  readonly chosen: Value;
  readonly choices: readonly (readonly [value: Value, text: string, tip?: string])[];
  readonly onChoose: (value: Value) => void;
}

/** Radio buttons that look like one button in parts. */
export function Segments<Value extends string>({ legend, chosen, choices, onChoose }: SegmentsProps<Value>): VNode {
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
