/** What happens when the page opens? The recording is unpacked, then shown. */
import { render } from 'preact';
import { App } from './app.tsx';
import { readEmbedded } from './load/embedded.ts';
import { Model } from './model/model.ts';
import { followAddress } from './state/address.ts';
import { loadOptions, pageStorage, reportKey, saveOptions } from './state/saved.ts';
import { initialState } from './state/state.ts';
import { createStore } from './state/store.ts';
import './theme.css';
import './layout.css';
import './parts/parts.css';

async function open(place: HTMLElement): Promise<void> {
  const embedded = await readEmbedded(document);
  const model = new Model(embedded.session, embedded.contents);
  const storage = pageStorage(window);
  const key = reportKey(embedded.session);
  const initial = initialState(embedded.contents.defaults);
  const store = createStore({ ...initial, options: loadOptions(storage, key, initial.options) });
  followAddress(store, window);
  store.subscribe(({ options }, before) => {
    if (options !== before.options) saveOptions(storage, key, options, Date.now());
  });
  place.replaceChildren();
  render(<App store={store} model={model} embedded={embedded} storage={storage} />, place);
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
