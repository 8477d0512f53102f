/** When does a key press mean a command? */
import { type Command, commandFor, type KeyScope } from './keys.ts';
import type { Store } from './state/store.ts';

const typing = 'textarea, select, [contenteditable], input:not([type=checkbox], [type=radio], [type=button])';

/** Runs the commands of keys, wherever in the page the focus is, but not where text is typed. @returns what ends it */
export function listenToKeys(page: Document, store: Store, run: (command: Command) => boolean): () => void {
  const onKeyDown = (event: KeyboardEvent): void => {
    const target = event.target instanceof Element ? event.target : page.body;
    if (event.defaultPrevented || target.closest(typing) !== null) return;
    const isModal = store.state().overlay === 'help';
    if (isModal || isCopyOfText(event, page)) return;
    const command = commandFor(event, scopeOf(target));
    if (command === undefined || isButtonKey(event, target)) return;
    if (run(command)) event.preventDefault();
  };
  page.addEventListener('keydown', onKeyDown);
  return () => page.removeEventListener('keydown', onKeyDown);
}

function scopeOf(target: Element): KeyScope {
  const scope = target.closest('[data-keys]')?.getAttribute('data-keys');
  return scope === 'rows' || scope === 'canvas' ? scope : 'page';
}

/** These press the button that has the focus. */
function isButtonKey({ key }: KeyboardEvent, target: Element): boolean {
  return (key === 'Enter' || key === ' ') && target.closest('button, a, label, summary') !== null;
}

/** Text that was selected by hand is copied as ever. */
function isCopyOfText({ key, ctrlKey, metaKey }: KeyboardEvent, page: Document): boolean {
  return key === 'c' && (ctrlKey || metaKey) && page.getSelection()?.isCollapsed === false;
}
