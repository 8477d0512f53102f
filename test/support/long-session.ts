/** Sessions with very many rows. */
import { SessionBuilder } from '../../src/session/builder.ts';
import type { StackIndex } from '../../src/session/ids.ts';
import { type Session, threadState } from '../../src/session/session.ts';
import { mainThreadOf } from './arbitrary-session.ts';
import { sessionFromText } from './session-from-text.ts';

/**
 * One thread with `rows` samples of `seconds` each, every one a row of its own: no two neighbours have the same stack.
 * @param makeStacks the stacks, which come in turn; their number must not divide by 7
 */
export function longSession(
  rows: number,
  seconds: number,
  makeStacks: (builder: SessionBuilder) => readonly StackIndex[],
): Session {
  const template = sessionFromText('1\nmain');
  const builder = new SessionBuilder();
  for (const process of template.processes) builder.addProcess(process);
  const thread = builder.addThread(mainThreadOf(template));
  const stacks = makeStacks(builder);
  for (let row = 0; row < rows; row++) {
    thread.add(stacks[(row * 7) % stacks.length] as StackIndex, seconds, threadState.onCpu);
  }
  return builder.finish(template.meta);
}
