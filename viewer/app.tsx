/** How is the page put together? */
import type { VNode } from 'preact';
import { useCallback, useEffect, useMemo, useRef, useState } from 'preact/hooks';
import { copyText } from './copy-text.ts';
import { listenToKeys } from './listen-to-keys.ts';
import type { Recording, Recordings } from './load/recordings.ts';
import type { Model } from './model/model.ts';
import { type CommandHandlers, type Page, PageContext } from './page.ts';
import { Breadcrumb } from './parts/breadcrumb.tsx';
import { Header } from './parts/header.tsx';
import { HelpDialog } from './parts/help-dialog.tsx';
import { searchId } from './parts/search-box.tsx';
import { SidePanel } from './parts/side-panel.tsx';
import { Toolbar } from './parts/toolbar.tsx';
import { runPageCommand } from './run-command.ts';
import { loadTheme, saveTheme, type Theme } from './state/saved.ts';
import type { PageState } from './state/state.ts';
import type { Store } from './state/store.ts';
import { views } from './views/index.ts';

/** What the page is made of. */
export interface AppProps {
  readonly store: Store;
  readonly recordings: Recordings;
  readonly compareWith: (file: File) => Promise<void>;
  readonly storage: Storage | null;
}

/** Everything. Drawn anew with every state. */
export function App(props: AppProps): VNode {
  const { store } = props;
  const [state, setState] = useState(store.state());
  const { model, file } = recordingOf(props.recordings, state);
  useEffect(() => store.subscribe(setState), [store]);
  const [theme, setTheme] = useTheme(props.storage);
  const [announcement, announce] = useState('');
  const { run, setHandlers } = useCommandRunner(store, model, announce);
  const kept = useMemo(() => new Map<string, unknown>(), []);
  useEffect(() => listenToKeys(document, store, run), [store, run]);
  const page: Page = {
    ...{ state, model, run, setHandlers, kept, theme, setTheme, announce },
    dispatch: store.dispatch,
    ...{ file, compareWith: props.compareWith },
  };
  const available = views.filter((view) => view.isAvailable(model));
  const view = available.find(({ id }) => id === state.view) ?? available[0];
  return (
    <PageContext.Provider value={page}>
      <div class="page">
        <Header />
        <Toolbar />
        <Breadcrumb />
        <main class={`view ${view?.id ?? ''}`} aria-label={view?.title}>
          {view === undefined ? null : <view.Component key={view.id} />}
        </main>
        {view?.id === 'diff' ? null : <SidePanel />}
        {state.overlay === 'help' ? <HelpDialog /> : null}
        <div class="unseen" role="status">
          {announcement}
        </div>
      </div>
    </PageContext.Provider>
  );
}

/** The one whose numbers are shown; a comparison is seen from the one after. */
function recordingOf({ before, after }: Recordings, { side, view }: PageState): Recording {
  return side === 'before' && view !== 'diff' && before !== null ? before : after;
}

/** Asks the view on show first, then the page. */
function useCommandRunner(
  store: Store,
  model: Model,
  announce: (text: string) => void,
): Pick<Page, 'run' | 'setHandlers'> {
  const handlers = useRef<CommandHandlers | undefined>(undefined);
  const setHandlers = useCallback((next: CommandHandlers | undefined) => {
    handlers.current = next;
  }, []);
  const run = useCallback<Page['run']>(
    (command) => {
      const own = handlers.current?.[command];
      if (own !== undefined) {
        own();
        return true;
      }
      return runPageCommand(command, {
        state: store.state(),
        model,
        dispatch: store.dispatch,
        focusSearch: () => document.getElementById(searchId)?.focus(),
        copy: (text) => {
          void copyText(text).then((isDone) =>
            announce(isDone ? `Copied ${text}` : 'The browser does not let us copy.'),
          );
        },
      });
    },
    [store, model],
  );
  return { run, setHandlers };
}

function useTheme(storage: Storage | null): [Theme, (theme: Theme) => void] {
  const [theme, setTheme] = useState(() => loadTheme(storage));
  useEffect(() => showTheme(theme), [theme]);
  // Paper is white. Before drawings hear of it, which take their colours from the page.
  useEffect(() => {
    const ended = new AbortController();
    const options = { capture: true, signal: ended.signal };
    window.addEventListener('beforeprint', () => showTheme('light'), options);
    window.addEventListener('afterprint', () => showTheme(theme), options);
    return () => ended.abort();
  }, [theme]);
  return [
    theme,
    (next) => {
      saveTheme(storage, next);
      setTheme(next);
    },
  ];
}

function showTheme(theme: Theme): void {
  const { dataset } = document.documentElement;
  if (theme === 'auto') delete dataset['theme'];
  else dataset['theme'] = theme;
}
