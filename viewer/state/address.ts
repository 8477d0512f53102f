/** How do the state and the page's address keep together? */
import { formatHash, parseHash } from './hash.ts';
import type { Store } from './store.ts';

/** Writing is put off for so long while one goes from row to row: browsers refuse pages that write too often. Milliseconds. */
const pause = 300;

/** The state follows the address, and the address the state. Steps back and forward go through views and transforms. */
export function followAddress(store: Store, page: Window): void {
  const home = store.state().view;
  const ownHash = (): string => page.location.hash.replace(/^#/, '');
  if (ownHash() !== '') store.dispatch({ kind: 'restore', state: parseHash(ownHash(), home) });
  let written = formatHash(store.state(), home);
  let later: number | undefined;
  store.subscribe((state, before) => {
    const hash = formatHash(state, home);
    if (hash === written) return;
    written = hash;
    page.clearTimeout(later);
    const isStep = state.view !== before.view || state.transforms !== before.transforms;
    const write = (): void => writeHash(page, hash, isStep);
    if (isStep || state.selection === before.selection) write();
    else later = page.setTimeout(write, pause);
  });
  page.addEventListener('hashchange', () => {
    if (ownHash() === written) return;
    page.clearTimeout(later);
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
