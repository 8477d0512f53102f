/** How is a command shown as a button? With its key in the tip. */
import type { ComponentChildren, VNode } from 'preact';
import { type Command, keyLabel, keyTable } from '../keys.ts';
import { usePage } from '../page.ts';

/** What a button needs. */
export interface CommandButtonProps {
  readonly command: Command;
  readonly children: ComponentChildren;
  /** For buttons whose face says nothing to a screen reader. */
  readonly label?: string;
  readonly disabled?: boolean;
  /** For what is on or off. */
  readonly isPressed?: boolean;
  readonly isExpanded?: boolean;
  readonly class?: string;
  /** Whether to show the key, too. */
  readonly hasKeyCap?: boolean;
}

/** Does what its key does. */
export function CommandButton(props: CommandButtonProps): VNode {
  const { run } = usePage();
  const { command } = props;
  const help = keyTable.find((binding) => binding.command === command)?.help ?? '';
  const key = keyLabel(command);
  return (
    <button
      type="button"
      class={`button ${props.class ?? ''}`}
      title={key === '' ? help : `${help} (${key})`}
      aria-label={props.label}
      aria-pressed={props.isPressed}
      aria-expanded={props.isExpanded}
      disabled={props.disabled ?? false}
      data-command={command}
      onClick={() => run(command)}
    >
      {props.children}
      {props.hasKeyCap === true && key !== '' ? (
        <span class="key" aria-hidden="true">
          {key}
        </span>
      ) : null}
    </button>
  );
}
