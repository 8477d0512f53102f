/** The session as a file that pyinstrument loads. */
import { formatPyisession } from '../session/pyisession.ts';
import type { Session, ThreadSamples } from '../session/session.ts';
import { mainThread } from '../tree/shown-threads.ts';
import { joinThreads } from './joined-threads.ts';
import type { OptionTable, OptionValues } from './options.ts';
import { defineRenderer, type Renderer } from './renderer.ts';

const optionTable = {
  threads: { kind: 'flag', help: 'every thread of the program, one after the other' },
  tree_format: { kind: 'flag', help: 'accepted for pyinstrument’s sake, without effect' },
} as const satisfies OptionTable;

/** `-r pyisession`: the samples themselves, not a tree. */
export const pyisessionRenderer: Renderer = defineRenderer({
  name: 'pyisession',
  aliases: ['session'],
  extensions: ['.pyisession'],
  isBinary: false,
  summary: 'the samples of the main thread, for pyinstrument --load',
  options: optionTable,
  run: renderPyisession,
});

function renderPyisession(session: Session, { threads }: OptionValues<typeof optionTable>): string {
  const main = mainThread(session);
  if (!threads || main === undefined) return formatPyisession(session, main);
  const others = session.threads.filter((thread: ThreadSamples) => thread !== main && thread.process === main.process);
  return others.length === 0
    ? formatPyisession(session, main)
    : formatPyisession(joinThreads(session, [main, ...others]));
}
