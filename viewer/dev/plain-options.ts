/** With which options is a tree shown as it was recorded? For tests. */
import type { ViewOptions } from '../state/state.ts';

/** Nothing is collapsed, removed or folded. */
export const plainOptions: ViewOptions = {
  collapse: 'disabled',
  show: '',
  hide: '',
  removeImportlib: false,
  removeTracebackhide: false,
  removeSmall: false,
  smallPercent: 0,
  foldRecursion: false,
  time: 'seconds',
};
