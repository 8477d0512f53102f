/** Times by function and caller, as a file for Python's `pstats`. */
import type { Session } from '../session/session.ts';
import { buildShownTree } from '../tree/pipeline.ts';
import { CallTimeTable } from './call-time-table.ts';
import { chooseThreadsTogether } from './chosen-threads.ts';
import { marshal } from './marshal.ts';
import type { OptionTable, OptionValues } from './options.ts';
import { defineRenderer, type Renderer } from './renderer.ts';
import { threadNames } from './thread-names.ts';
import { treeOptions, treeOptionTable } from './tree-options.ts';

const optionTable = {
  ...treeOptionTable,
  threads: { kind: 'flag', help: 'all threads of a process added together, each below an entry of its own' },
  subprocesses: { kind: 'flag', help: 'all processes added together' },
} as const satisfies OptionTable;

/** `-r pstats`. */
export const pstatsRenderer: Renderer = defineRenderer({
  name: 'pstats',
  aliases: [],
  extensions: ['.pstats'],
  isBinary: true,
  summary: 'times by function of the main thread, for pstats and snakeviz',
  options: optionTable,
  run: renderPstats,
});

/** The dict that `pstats.Stats(file)` loads, see {@link CallTimeTable.toMarshal}. */
function renderPstats(session: Session, values: OptionValues<typeof optionTable>): Uint8Array {
  const threads = chooseThreadsTogether(session, values);
  const names = threadNames(session, threads);
  const table = new CallTimeTable();
  for (const thread of threads) {
    const tree = buildShownTree(session, thread, treeOptions(values));
    if (tree === null) continue;
    const isNamed = threads.length > 1 || (tree.frame.kind === 'root' && session.meta.engine !== 'file');
    const name = { functionName: names.fullName(thread), file: '<thread>', firstLine: thread.ident };
    table.add(tree, isNamed ? name : null);
  }
  return marshal(table.toMarshal());
}
