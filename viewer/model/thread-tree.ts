/** What is a thread with its tree? */
import type { ProcessInfo, ThreadSamples } from '../../src/session/session.ts';
import type { OriginOf } from '../../src/tree/library-rule.ts';
import type { ShortPath } from '../../src/tree/short-path.ts';
import type { PageTree } from './page-tree.ts';

/** A thread as it is shown: what is left of it after transforms, the cut in time, and weighing. */
export interface ShownThread {
  /** In the session. */
  readonly position: number;
  readonly thread: ThreadSamples;
  readonly process: ProcessInfo | undefined;
  readonly shortPath: ShortPath;
  readonly originOf: OriginOf;
}

/** A thread with its call tree; null where it has no samples. */
export interface ThreadTree extends ShownThread {
  readonly tree: PageTree | null;
}
