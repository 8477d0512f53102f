/** Which views are there? */
import { treeView } from './call-tree/view.tsx';
import { diffView } from './diff/view.tsx';
import { functionsView } from './functions/view.tsx';
import { flameView } from './icicle/flame-view.tsx';
import { timelineView } from './icicle/timeline-view.tsx';
import { sourceView } from './source/view.tsx';
import type { View } from './view.ts';

/** In the order of their tabs. */
export const views: readonly View[] = [treeView, timelineView, flameView, functionsView, sourceView, diffView];
