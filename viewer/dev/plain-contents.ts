/** What does a page carry that nothing was asked of? For tests. */
import type { PageContents } from '../../src/render/page-contents.ts';

/** Everything is shown; no sources. */
export const plainContents: PageContents = {
  defaults: {
    timeline: false,
    showAll: true,
    filterThreshold: 0,
    hide: null,
    show: null,
    threads: false,
    subprocesses: false,
    time: 'seconds',
  },
  sources: [],
};
