/** What can be done with keys? The one table behind what they do, the tips of buttons and the sheet of `?`. */
import { type ViewId, viewIds } from './state/state.ts';

/** Everything that a key or a button can ask for. */
export type Command =
  | `show-${ViewId}`
  | 'row-up'
  | 'row-down'
  | 'page-up'
  | 'page-down'
  | 'first'
  | 'last'
  | 'close'
  | 'open'
  | 'toggle'
  | 'open-subtree'
  | 'open-hot-path'
  | 'close-all'
  | 'zoom-in'
  | 'zoom-out'
  | 'pan-left'
  | 'pan-right'
  | 'reset-zoom'
  | 'fit'
  | 'limit-to-screen'
  | 'focus-function'
  | 'focus-subtree'
  | 'merge-function'
  | 'merge-node'
  | 'collapse-function'
  | 'collapse-library'
  | 'collapse-direct-recursion'
  | 'collapse-recursion'
  | 'drop-function'
  | 'go-back'
  | 'hide-cold'
  | 'next-hot'
  | 'previous-hot'
  | 'pick-file'
  | 'invert'
  | 'undo'
  | 'search'
  | 'next-match'
  | 'previous-match'
  | 'next-thread'
  | 'previous-thread'
  | 'pick-threads'
  | 'copy'
  | 'options'
  | 'export'
  | 'other-side'
  | 'help'
  | 'escape';

/** Where the focus must be: anywhere, in a list of rows, or in a drawing. Elements say so by `data-keys`. */
export type KeyScope = 'page' | 'rows' | 'canvas';

/** One line of the table. */
export interface KeyBinding {
  readonly command: Command;
  /**
   * Values of `KeyboardEvent.key`, with `Ctrl+` or `Shift+` in front; or, for keys that are meant by their place on the
   * keyboard, of `KeyboardEvent.code`.
   */
  readonly keys: readonly string[];
  readonly scope: KeyScope;
  /** What it does, as the sheet says it. */
  readonly help: string;
  /** Heading in the sheet. */
  readonly group: 'Views' | 'Rows' | 'Timeline and flame' | 'Functions and source' | 'Selected function' | 'Page';
}

const viewNames: Readonly<Record<ViewId, string>> = {
  tree: 'Call tree',
  timeline: 'Timeline',
  flame: 'Flame graph',
  functions: 'Functions',
  source: 'Source',
  diff: 'Diff',
};

const line = (
  group: KeyBinding['group'],
  scope: KeyScope,
  keys: string,
  command: Command,
  help: string,
): KeyBinding => ({ group, scope, keys: keys.split(' '), command, help });

/** All keys, in the order of the sheet. Of two that match, the first one counts. */
export const keyTable: readonly KeyBinding[] = [
  ...viewIds.map((id, index) => line('Views', 'page', `${index + 1}`, `show-${id}`, viewNames[id])),
  line('Rows', 'rows', 'ArrowUp', 'row-up', 'Row above'),
  line('Rows', 'rows', 'ArrowDown', 'row-down', 'Row below'),
  line('Rows', 'rows', 'ArrowLeft', 'close', 'Close, or go to the parent'),
  line('Rows', 'rows', 'ArrowRight', 'open', 'Open, or go to the first child'),
  line('Rows', 'rows', 'Enter Space', 'toggle', 'Open or close'),
  line('Rows', 'rows', 'Home', 'first', 'First row'),
  line('Rows', 'rows', 'End', 'last', 'Last row'),
  line('Rows', 'rows', 'PageUp', 'page-up', 'A page up'),
  line('Rows', 'rows', 'PageDown', 'page-down', 'A page down'),
  line('Rows', 'rows', '*', 'open-subtree', 'Open everything below'),
  line('Rows', 'rows', 'e', 'open-hot-path', 'Open the hot path'),
  line('Rows', 'rows', 'x', 'close-all', 'Close all'),
  line('Rows', 'rows', 'd', 'drop-function', 'Drop the function'),
  line('Timeline and flame', 'canvas', 'KeyW + =', 'zoom-in', 'Zoom in'),
  line('Timeline and flame', 'canvas', 'KeyS -', 'zoom-out', 'Zoom out'),
  line('Timeline and flame', 'canvas', 'KeyA', 'pan-left', 'To the left'),
  line('Timeline and flame', 'canvas', 'KeyD', 'pan-right', 'To the right'),
  line('Timeline and flame', 'canvas', 'Digit0 0', 'reset-zoom', 'Show all'),
  line('Timeline and flame', 'canvas', 'Enter', 'fit', 'Zoom to the selected frame'),
  line('Timeline and flame', 'canvas', 'ArrowUp', 'row-up', 'Frame above'),
  line('Timeline and flame', 'canvas', 'ArrowDown', 'row-down', 'Frame below'),
  line('Timeline and flame', 'canvas', 'ArrowLeft', 'close', 'Frame to the left'),
  line('Timeline and flame', 'canvas', 'ArrowRight', 'open', 'Frame to the right'),
  line('Timeline and flame', 'canvas', 'Home', 'first', 'First frame of this depth'),
  line('Timeline and flame', 'canvas', 'End', 'last', 'Last frame of this depth'),
  line('Timeline and flame', 'canvas', 'PageUp', 'page-up', 'Scroll up'),
  line('Timeline and flame', 'canvas', 'PageDown', 'page-down', 'Scroll down'),
  line('Timeline and flame', 'canvas', 'l', 'limit-to-screen', 'Limit all views to the time on screen'),
  line('Functions and source', 'page', 'b', 'go-back', 'Back to where a jump began'),
  line('Functions and source', 'page', 'j', 'next-hot', 'Next line with time'),
  line('Functions and source', 'page', 'k', 'previous-hot', 'Line with time before'),
  line('Functions and source', 'page', 'h', 'hide-cold', 'Hide lines without time'),
  line('Functions and source', 'page', 'g', 'pick-file', 'Choose a file'),
  line('Selected function', 'page', 'f', 'focus-function', 'Focus: show only what it does'),
  line('Selected function', 'page', 'F', 'focus-subtree', 'Focus on this call path only'),
  line('Selected function', 'page', 'm', 'merge-function', 'Merge into its callers'),
  line('Selected function', 'page', 'M', 'merge-node', 'Merge on this call path only'),
  line('Selected function', 'page', 'c', 'collapse-function', 'Collapse: hide what it calls'),
  line('Selected function', 'page', 'C', 'collapse-library', 'Collapse its library'),
  line('Selected function', 'page', 'r', 'collapse-direct-recursion', 'Collapse direct recursion'),
  line('Selected function', 'page', 'R', 'collapse-recursion', 'Collapse all recursion'),
  line('Selected function', 'page', 'Delete', 'drop-function', 'Drop all samples with it'),
  line('Selected function', 'page', 'y Ctrl+c', 'copy', 'Copy name and place'),
  line('Page', 'page', 'i', 'invert', 'Turn upside down: callers below'),
  line('Page', 'page', 'Backspace', 'undo', 'Take back the last step'),
  line('Page', 'page', '/ Ctrl+f', 'search', 'Search'),
  line('Page', 'page', '] n', 'next-thread', 'Next thread'),
  line('Page', 'page', '[ p', 'previous-thread', 'Previous thread'),
  line('Page', 'page', 't', 'pick-threads', 'Choose threads'),
  line('Page', 'page', 'o', 'options', 'Options'),
  line('Page', 'page', 'S', 'export', 'Copy, save, compare'),
  line('Page', 'page', 'v', 'other-side', 'Of two recordings, show the other one'),
  line('Page', 'page', '?', 'help', 'This sheet'),
  line('Page', 'page', 'Escape', 'escape', 'Close what lies over the page; end the search'),
];

/** What of a key press matters. */
export type KeyPress = Pick<KeyboardEvent, 'key' | 'code' | 'ctrlKey' | 'metaKey' | 'altKey' | 'shiftKey'>;

/** The command of a key press; undefined where it has none. */
export function commandFor(press: KeyPress, scope: KeyScope): Command | undefined {
  const isHere = (binding: KeyBinding): boolean => binding.scope === scope || binding.scope === 'page';
  const found = keyTable.filter((binding) => isHere(binding) && binding.keys.some((key) => matches(press, key)));
  // What is meant for the place wins over what is meant for the page.
  return (found.find((binding) => binding.scope === scope) ?? found[0])?.command;
}

/** How the keys of a command are written on buttons, such as `f` or `Ctrl+F`; `''` for none. */
export function keyLabel(command: Command): string {
  const key = keyTable.find((binding) => binding.command === command)?.keys[0];
  return key === undefined ? '' : keyCap(key);
}

const caps: Readonly<Record<string, string>> = {
  ArrowUp: '↑',
  ArrowDown: '↓',
  ArrowLeft: '←',
  ArrowRight: '→',
  PageUp: 'PgUp',
  PageDown: 'PgDn',
  Escape: 'Esc',
  Backspace: '⌫',
  Delete: 'Del',
};

/** The keys of a line as they are printed on keyboards; one that is meant in two ways is there once. */
export function keyCaps({ keys }: Pick<KeyBinding, 'keys'>): readonly string[] {
  return [...new Set(keys.map(keyCap))];
}

/** A key as it is printed on keyboards. */
function keyCap(key: string): string {
  return caps[key] ?? key.replace(/^(?:Key|Digit)(\w)$/, (_, character: string) => character.toLowerCase());
}

function matches(press: KeyPress, key: string): boolean {
  const isControl = key.startsWith('Ctrl+');
  if (press.altKey || isControl !== (press.ctrlKey || press.metaKey)) return false;
  const bare = isControl ? key.slice('Ctrl+'.length) : key;
  if (/^(?:Key[A-Z]|Digit\d)$/.test(bare)) return press.code === bare && !press.shiftKey;
  return press.key === (bare === 'Space' ? ' ' : bare);
}
