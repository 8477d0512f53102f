/** Where does the state live, and who hears of its changes? */
import { type Action, reduce } from './reducer.ts';
import type { PageState } from './state.ts';

/** Hears of each new state. */
export type Listener = (state: PageState, before: PageState) => void;

/** The one place of the state. */
export interface Store {
  readonly state: () => PageState;
  readonly dispatch: (action: Action) => void;
  /** @returns what ends it */
  readonly subscribe: (listener: Listener) => () => void;
}

/** Makes the store of a page. */
export function createStore(initial: PageState): Store {
  let state = initial;
  const listeners = new Set<Listener>();
  return {
    state: () => state,
    dispatch(action) {
      const before = state;
      state = reduce(state, action);
      if (state !== before) for (const listener of listeners) listener(state, before);
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
