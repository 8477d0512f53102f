/** Which part of the recording do files get that are saved from the page? What is shown: threads, time, steps. */

import { counted } from '../../src/render/time-format.ts';
import { selectSession } from '../../src/session/select.ts';
import type { Session, ThreadSamples } from '../../src/session/session.ts';
import { seconds } from '../../src/session/units.ts';
import { withoutLeftOut } from '../model/apply-transform.ts';
import type { Model } from '../model/model.ts';
import { weighThread } from '../model/weight.ts';
import type { PageState } from '../state/state.ts';

/** The part of the state that decides. */
export type ExportedState = Pick<PageState, 'threads' | 'weight' | 'span' | 'transforms'>;

/**
 * The session as `--thread`, `--from` and `--to` would give it; the recording itself where all of it is shown. Steps and
 * another weight than all time are noted in it.
 * @throws TimesinkError where nothing is left
 */
export function exportedSession(model: Model, state: ExportedState): Session {
  const { threads: choice, weight, span, transforms } = state;
  const changed = transforms.length === 0 && weight === 'wall' ? model.session : reworked(model, state);
  const threads = choice.kind === 'some' ? choice.positions.flatMap((at) => wordFor(model.session, at)) : [];
  if (threads.length === 0 && span === null) return changed;
  const time = span === null ? {} : { from: seconds(span.from), to: seconds(span.to) };
  return selectSession(changed, { threads, processes: [], span: time });
}

function reworked(model: Model, state: ExportedState): Session {
  const { weight, transforms } = state;
  const { session } = model.shown({ ...state, threads: { kind: 'all' }, span: null });
  const notes = [...session.meta.notes];
  if (transforms.length > 0) notes.push(`${counted(transforms.length, 'step')} of the page changed what is shown.`);
  if (weight !== 'wall') notes.push(weight === 'cpu' ? 'Only time on a CPU counts.' : 'Only time with the GIL counts.');
  const threads = session.threads.map((thread) => weighThread(withoutLeftOut(thread), weight));
  return { ...session, meta: { ...session.meta, notes }, threads };
}

/** What `--thread` calls it: its name where no other has it. */
function wordFor(session: Session, position: number): readonly string[] {
  const thread = session.threads[position];
  if (thread === undefined) return [];
  const hasName = ({ name }: ThreadSamples): boolean => name === thread.name;
  return [session.threads.filter(hasName).length === 1 ? thread.name : String(thread.tid)];
}
