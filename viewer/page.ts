/** What does every part of the page get to see? */
import { createContext } from 'preact';
import { useContext, useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { Command } from './keys.ts';
import type { Model } from './model/model.ts';
import type { Action } from './state/reducer.ts';
import type { Theme } from './state/saved.ts';
import type { PageState, SettingName } from './state/state.ts';

/** What a view does when it is asked to, in place of or in addition to what the page does itself. */
export type CommandHandlers = Partial<Record<Command, () => void>>;

/** The page, as its parts see it. */
export interface Page {
  readonly state: PageState;
  readonly dispatch: (action: Action) => void;
  readonly model: Model;
  /** Bytes of a `.timesink` file: those of the model's session. */
  readonly file: Uint8Array<ArrayBuffer>;
  /** Shows the difference to another recording, of the reader's own. @throws Error saying what is wrong with it */
  readonly compareWith: (file: File) => Promise<void>;
  /** Does what a key or a button asks for. @returns whether anybody did */
  readonly run: (command: Command) => boolean;
  /** Sets what the view on show does; undefined when it goes. */
  readonly setHandlers: (handlers: CommandHandlers | undefined) => void;
  /** Values that views keep while others are shown, by a name that begins with the view's. */
  readonly kept: Map<string, unknown>;
  readonly theme: Theme;
  readonly setTheme: (theme: Theme) => void;
  /** Says something to those who cannot see the page. */
  readonly announce: (text: string) => void;
}

/** Holds the page. */
export const PageContext: ReturnType<typeof createContext<Page | null>> = createContext<Page | null>(null);

/** The page. */
export function usePage(): Page {
  const page = useContext(PageContext);
  if (page === null) throw new Error('there is no page around this part');
  return page;
}

/** Makes a view answer commands as long as it is shown. */
export function useCommands(handlers: CommandHandlers): void {
  const { setHandlers } = usePage();
  const latest = useRef(handlers);
  latest.current = handlers;
  // Before the next key, not only after the next drawing.
  useLayoutEffect(() => {
    // Handlers change with every drawing; what is registered calls those of the last one.
    const names = Object.keys(handlers) as Command[];
    setHandlers(Object.fromEntries(names.map((name) => [name, () => latest.current[name]?.()])));
    return () => setHandlers(undefined);
  }, [setHandlers]);
}

/**
 * A value of a view's own, such as where it is scrolled to, that is still there when the view is shown again.
 * @param name begins with the view's id, such as `flame.zoom`
 */
export function useKept<Value>(name: string, initial: Value): [Value, (value: Value) => void] {
  const { kept } = usePage();
  const [value, setValue] = useState<Value>(() => (kept.has(name) ? (kept.get(name) as Value) : initial));
  return [
    value,
    (next) => {
      kept.set(name, next);
      setValue(() => next);
    },
  ];
}

/** A choice of a view's own that links tell, too, as text; undefined where none was made. */
export function useSetting(name: SettingName): [string | undefined, (value: string | undefined) => void] {
  const { state, dispatch } = usePage();
  return [state.settings[name], (value) => dispatch({ kind: 'set', name, value })];
}
