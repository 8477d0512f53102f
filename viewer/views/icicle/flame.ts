/** What does the flame graph show of a state? */
import type { Session } from '../../../src/session/session.ts';
import { rootDepth, stackIndex } from '../../../src/tree/stack-index.ts';
import type { Model } from '../../model/model.ts';
import type { ShownThread } from '../../model/thread-tree.ts';
import type { PageState } from '../../state/state.ts';
import { type FlameThread, layOutFlame } from './flame-layout.ts';
import { functionTexts } from './function-facts.ts';
import type { Icicle } from './icicle.ts';
import type { ColourBy } from './scene.ts';
import { type LeftOut, type ShownStacks, shownStacks } from './shown-stacks.ts';
import { finish } from './sliced.ts';
import { flameSvg } from './svg.ts';

/** The part of the state that decides. */
export type FlameState = Pick<PageState, 'threads' | 'weight' | 'span' | 'transforms' | 'options' | 'inverted'>;

/** Changes when anything that the flame graph shows does. */
export function flameKey(model: Model, state: FlameState): string {
  return JSON.stringify([model.shown(state).key, state.inverted, leftOutKey(state.options)]);
}

/** Changes with the options that decide which frames are drawn. */
export function leftOutKey({ removeImportlib, removeTracebackhide, foldRecursion }: LeftOut): string {
  return JSON.stringify([removeImportlib, removeTracebackhide, foldRecursion]);
}

/** Lays out the flame graph of the shown threads, in slices. */
export function* flameIcicle(model: Model, state: FlameState): Generator<number, Icicle> {
  const { session, threads } = model.shown(state);
  const stacksOf = drawnStacks(session, state);
  const parts = threads
    .filter(({ thread }) => thread.stack.length > 0)
    .map(({ thread }): FlameThread => ({ name: thread.name, thread, stacks: stacksOf(thread) }));
  return yield* layOutFlame(parts, state.inverted);
}

const known = new WeakMap<Session, Map<string, ShownStacks>>();

/** The drawn stacks of a thread; threads that begin alike share them, and so do both views. */
export function drawnStacks(
  session: Session,
  { options }: Pick<PageState, 'options'>,
): (thread: ShownThread['thread']) => ShownStacks {
  const byKey = known.get(session) ?? new Map<string, ShownStacks>();
  known.set(session, byKey);
  return (thread) => {
    const isTrimmed = session.meta.startCallStack.length > 0;
    const stem = isTrimmed ? Math.max(0, rootDepth(stackIndex(session), thread) - 1) : 0;
    const key = `${stem} ${leftOutKey(options)}`;
    const stacks = byKey.get(key) ?? shownStacks(session, options, stem);
    byKey.set(key, stacks);
    return stacks;
  };
}

/** The flame graph of a state as an SVG file, for keeping. All at once: takes as long as showing it. */
export function exportFlameSvg(model: Model, state: FlameState, colourBy: ColourBy = 'module'): string {
  const { factsOf, placeOf } = functionTexts(model);
  const title = model.session.meta.description;
  return flameSvg(finish(flameIcicle(model, state)), { title, factsOf, placeOf, colourBy });
}
