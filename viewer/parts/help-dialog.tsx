/** Which keys are there? */
import type { VNode } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { type KeyBinding, keyCaps, keyTable } from '../keys.ts';
import { usePage } from '../page.ts';

/** The sheet of `?`. A modal dialog of the browser's: it holds the focus, gives it back, and closes with Esc. */
export function HelpDialog(): VNode {
  const { dispatch } = usePage();
  const dialog = useRef<HTMLDialogElement>(null);
  const close = (): void => dispatch({ kind: 'overlay', overlay: null });
  useEffect(() => {
    dialog.current?.showModal();
  }, []);
  return (
    <dialog
      ref={dialog}
      class="help"
      aria-labelledby="help-title"
      onClose={close}
      onKeyDown={(event) => {
        if (event.key !== '?') return;
        event.stopPropagation();
        dialog.current?.close();
      }}
      onClick={(event) => {
        if (event.target === dialog.current) dialog.current?.close();
      }}
    >
      <div class="sheet">
        <h2 id="help-title">Keys</h2>
        <button type="button" class="button icon" aria-label="Close" onClick={() => dialog.current?.close()}>
          ×
        </button>
        {groups().map(([group, bindings]) => (
          <section key={group}>
            <h3>{group}</h3>
            <dl>
              {bindings.map((binding) => (
                <div key={binding.keys.join()}>
                  <dt>
                    {keyCaps(binding).map((key) => (
                      <kbd key={key}>{key}</kbd>
                    ))}
                  </dt>
                  <dd>{binding.help}</dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
        <p class="detail">
          Letters act on the selected function; a click selects one. In the timeline and the flame graph w, a, s, d move
          and zoom. No key acts while you type in a box.
        </p>
      </div>
    </dialog>
  );
}

function groups(): readonly (readonly [string, readonly KeyBinding[]])[] {
  const names = [...new Set(keyTable.map(({ group }) => group))];
  return names.map((name) => [name, keyTable.filter(({ group }) => group === name)]);
}
