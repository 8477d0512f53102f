/** What is a view? One interface that the call tree, the timeline and all others share. */
import type { ComponentType } from 'preact';
import type { Model } from '../model/model.ts';
import type { ViewId } from '../state/state.ts';

/**
 * One way to look at what is shown. Its component takes everything from `usePage()`: the state that all views share, and the
 * model, whose `shown`, `trees`, `functions` and `search` give the same stacks, threads and moments to all of them. What only
 * it needs to know is its own (`useKept`); no view reads another's.
 */
export interface View {
  readonly id: ViewId;
  /** On its tab. */
  readonly title: string;
  /** Whether the recording has what it shows; a tab is there only then. */
  readonly isAvailable: (model: Model) => boolean;
  readonly Component: ComponentType;
}
