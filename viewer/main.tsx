/** What happens when the page opens? The recording is unpacked, then shown. */
import { render } from 'preact';
import { App } from './app.tsx';
import { readEmbedded } from './load/embedded.ts';
import { compared, type Recordings, withOther } from './load/recordings.ts';
import { followAddress } from './state/address.ts';
import { loadOptions, pageStorage, reportKey, saveOptions } from './state/saved.ts';
import { initialState } from './state/state.ts';
import { createStore } from './state/store.ts';
import './theme.css';
import './layout.css';
import './parts/parts.css';

async function open(place: HTMLElement): Promise<void> {
  const embedded = await readEmbedded(document);
  const storage = pageStorage(window);
  const key = reportKey(embedded.session);
  const initial = initialState(embedded.contents.defaults);
  const recordings = compared(embedded);
  const store = createStore({
    ...initial,
    ...(recordings.before === null ? {} : { view: 'diff' }),
    options: loadOptions(storage, key, initial.options),
  });
  followAddress(store, window);
  store.subscribe(({ options }, before) => {
    if (options !== before.options) saveOptions(storage, key, options, Date.now());
  });
  place.replaceChildren();
  const show = (shown: Recordings): void => {
    const showWith = (other: File): Promise<void> => withOther(embedded, other).then(show);
    render(<App store={store} recordings={shown} compareWith={showWith} storage={storage} />, place);
  };
  show(recordings);
}

const place = document.getElementById('app');
if (place !== null) {
  open(place).catch((error: unknown) => {
    const message = document.createElement('p');
    message.className = 'loading failed';
    message.setAttribute('role', 'alert');
    message.textContent = `The recording cannot be shown. ${error instanceof Error ? error.message : String(error)}`;
    place.replaceChildren(message);
    throw error;
  });
}
