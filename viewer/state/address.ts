/** How do the state and the page's address keep together? */
import { formatHash, parseHash } from './hash.ts';
import type { Store } from './store.ts';

/** The state follows the address, and the address the state. Steps back and forward go through views and transforms. */
export function followAddress(store: Store, page: Window): void {
  const home = store.state().view;
  const ownHash = (): string => page.location.hash.replace(/^#/, '');
  if (ownHash() !== '') store.dispatch({ kind: 'restore', state: parseHash(ownHash(), home) });
  let written = formatHash(store.state(), home);
  store.subscribe((state, before) => {
    const hash = formatHash(state, home);
    if (hash === written) return;
    written = hash;
    const isStep = state.view !== before.view || state.transforms !== before.transforms;
    writeHash(page, hash, isStep);
  });
  page.addEventListener('hashchange', () => {
    if (ownHash() === written) return;
    written = ownHash();
    store.dispatch({ kind: 'restore', state: parseHash(written, home) });
  });
}

/** In a frame of another document (`srcdoc`) there is no address to write to. */
function writeHash(page: Window, hash: string, isStep: boolean): void {
  try {
    const address = `${page.location.pathname}${page.location.search}${hash === '' ? '' : `#${hash}`}`;
    if (isStep) page.history.pushState(null, '', address);
    else page.history.replaceState(null, '', address);
  } catch {
    // The view is there, only a link to it cannot be had.
  }
}
