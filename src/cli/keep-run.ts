/** How can the run just recorded be shown again later? */
import type { Environment } from '../capture/launch/interpreter.ts';
import { encodeSession } from '../session/file.ts';
import type { Session } from '../session/session.ts';
import { TimesinkError } from '../util/errors.ts';
import { keepSession, keptFolder } from './kept-sessions.ts';
import type { ReportPlan } from './report.ts';
import { describeSystemError } from './system-error.ts';

/**
 * Keeps the whole session, whatever part of it the report showed, and says below the report how to show it again. Where it
 * cannot be kept, only `remark` learns of it: nobody asked for it.
 */
export function keepRun(
  { isPrinted, output }: ReportPlan,
  session: Session,
  environment: Environment,
  remark: (error: TimesinkError) => void,
): void {
  const folder = keptFolder(environment);
  const isEmpty = session.threads.every((thread) => thread.stack.length === 0);
  if (!isPrinted || isEmpty || folder === undefined) return;
  let id: string;
  try {
    id = keepSession(folder, encodeSession(session), session.meta.startTime * 1000);
  } catch (cause) {
    const reason = describeSystemError(cause);
    remark(new TimesinkError('UNWRITABLE_OUTPUT', `the run is not kept in ${folder}: ${reason}`, { cause }));
    return;
  }
  try {
    output.write(`To see this run in another way:\n    timesink --load-prev ${id} [options]\n\n`);
  } catch {
    // Whoever wanted the report has seen enough of it.
  }
}
