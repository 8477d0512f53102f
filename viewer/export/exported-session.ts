/** Which part of the recording do files get that are saved from the page? What is shown: threads, time, steps. */

import { counted } from '../../src/render/time-format.ts';
import { cutTime, selectPositions } from '../../src/session/select.ts';
import type { Session } from '../../src/session/session.ts';
import { seconds } from '../../src/session/units.ts';
import { withoutLeftOut } from '../model/apply-transform.ts';
import type { Model } from '../model/model.ts';
import { weighSession } from '../model/weight.ts';
import type { PageState } from '../state/state.ts';

/** The part of the state that decides. */
export type ExportedState = Pick<PageState, 'threads' | 'weight' | 'span' | 'transforms'>;

/**
 * The session as `--thread`, `--from` and `--to` would give it; the recording itself where all of it is shown. Steps and
 * another weight than all time are noted in it.
 * @throws TimesinkError where nothing is left
 */
export function exportedSession(model: Model, state: ExportedState): Session {
  const { threads, weight, span, transforms } = state;
  let session = transforms.length === 0 ? model.session : transformed(model, state);
  if (threads.kind === 'some') session = selectPositions(session, threads.positions);
  // Before anything is left out: then moments mean nothing any more.
  if (span !== null) session = cutTime(session, { from: seconds(span.from), to: seconds(span.to) });
  if (transforms.length > 0) session = { ...session, threads: session.threads.map(withoutLeftOut) };
  return weighSession(session, weight);
}

function transformed(model: Model, state: ExportedState): Session {
  const { session } = model.shown({ ...state, threads: { kind: 'all' }, span: null });
  const note = `${counted(state.transforms.length, 'step')} of the page changed what is shown.`;
  return { ...session, meta: { ...session.meta, notes: [...session.meta.notes, note] } };
}
