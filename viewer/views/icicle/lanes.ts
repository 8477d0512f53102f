/** What does the timeline show of a state? One lane for each thread of the shown processes. */
import { threadNames } from '../../../src/render/thread-names.ts';
import { type Session, type ThreadSamples, threadState } from '../../../src/session/session.ts';
import { threadTimes } from '../../../src/tree/shown-threads.ts';
import { percentText, shortTime } from '../../format.ts';
import type { Model } from '../../model/model.ts';
import type { Weight } from '../../model/weight.ts';
import { shownText } from '../../parts/function-name.tsx';
import type { PageState } from '../../state/state.ts';
import { drawnStacks, leftOutKey } from './flame.ts';
import { emptyIcicle, type Icicle } from './icicle.ts';
import { activityLevel, hasStates, stackActivities } from './strip.ts';
import { layOutTimeline } from './timeline-layout.ts';
import type { TrackContent } from './track.ts';
import type { Viewport } from './viewport.ts';

/** The part of the state that decides. Not the cut in time: it is shown on the lanes. */
export type LanesState = Pick<PageState, 'threads' | 'weight' | 'transforms' | 'options'>;

/** With the strip of states. */
const headHeights = { open: 28, closed: 25 } as const;

/** Changes when anything that the lanes show does. */
export function lanesKey(model: Model, { threads, weight, transforms, options }: LanesState): string {
  return JSON.stringify([model.positions(threads), weight, transforms, leftOutKey(options)]);
}

/** Lays out the lanes, in slices: the chosen threads open, then the others of their processes, closed. */
export function* lanesOf(model: Model, state: LanesState): Generator<number, readonly TrackContent[]> {
  const { session } = model.shown({ ...state, span: null });
  const stacksOf = drawnStacks(session, state);
  const isCounted = countedIn(state.weight);
  const { fullName } = threadNames(model.session, model.session.threads);
  const chosen = model.positions(state.threads);
  const positions = [...chosen, ...othersOf(model, chosen)];
  const ofStacks = stackActivities(model.session);
  const lanes: TrackContent[] = [];
  for (const [index, position] of positions.entries()) {
    const thread = session.threads[position];
    const recorded = model.session.threads[position];
    if (thread === undefined || recorded === undefined) continue;
    const isOpen = index < chosen.length;
    const work = isOpen ? layOutTimeline(thread, stacksOf(thread), isCounted) : rowsOnly(thread);
    const icicle = yield* scaled(work, index, positions.length);
    const level = activityLevel(model.session, recorded, ofStacks);
    const strip = level.of.length > 0 ? level : null;
    const name = shownText(fullName(recorded));
    const headHeight = isOpen ? headHeights.open : headHeights.closed;
    lanes.push({
      thread: position,
      name,
      detail: detailOf(model.session, recorded),
      icicle,
      strip,
      isOpen,
      headHeight,
    });
  }
  return lanes;
}

/** From the beginning to the end of a recording, and of its last sample. */
export function wholeTime({ meta, threads }: Session): Viewport {
  let end: number = meta.duration;
  for (const { start, weight } of threads)
    end = Math.max(
      end,
      weight.reduce((sum, seconds) => sum + seconds, start as number),
    );
  return { begin: 0, end: end > 0 ? end : 1 };
}

function countedIn(weight: Weight): (state: number) => boolean {
  if (weight === 'wall') return () => true;
  const bit = weight === 'cpu' ? threadState.onCpu : threadState.holdsGil;
  return (state) => (state & bit) !== 0;
}

function othersOf(model: Model, chosen: readonly number[]): readonly number[] {
  const { threads } = model.session;
  const processes = new Set(chosen.map((position) => threads[position]?.process));
  const isOther = (position: number): boolean =>
    !chosen.includes(position) && processes.has(threads[position]?.process);
  return model.positions({ kind: 'all' }).filter(isOther);
}

/** Only the moments, for the strip. */
function* rowsOnly({ start, weight }: ThreadSamples): Generator<number, Icicle> {
  const edges = new Float64Array(weight.length + 1);
  edges[0] = start;
  for (let row = 0; row < weight.length; row++) edges[row + 1] = (edges[row] as number) + (weight[row] as number);
  yield 1;
  return { ...emptyIcicle, edges };
}

/** The progress of one part of several. */
function* scaled<Result>(work: Generator<number, Result>, part: number, parts: number): Generator<number, Result> {
  for (;;) {
    const step = work.next();
    if (step.done === true) return step.value;
    yield (part + step.value) / parts;
  }
}

function detailOf(session: Session, thread: ThreadSamples): string {
  const { running, idle } = threadTimes(session, thread);
  const all = running + idle;
  return hasStates(session) ? `${shortTime(all)}, ${percentText(running, all)} running` : shortTime(all);
}
