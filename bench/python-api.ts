/** What does it cost to profile from inside a Python program: the block, start and stop, the recorder's memory? */
import { fileURLToPath } from 'node:url';
import { label, prepare } from './profilers.ts';
import { measureSlowdown, type Package } from './python-api-slowdown.ts';
import { measureStart } from './python-api-start.ts';
import { chosen, type Options, type Suite, type SuiteResult } from './suite.ts';

const source = fileURLToPath(new URL('../python/src', import.meta.url));

async function runSuite(options: Options): Promise<SuiteResult> {
  const { python, profilers, notes } = prepare();
  const packages = chosen(options, profilers, ({ name }) => name).flatMap((profiler): readonly Package[] => {
    const { name } = profiler;
    if (name === 'py-spy') return [];
    return [{ name, title: name === 'none' ? 'none (control)' : label(profiler) }];
  });
  const start = { python, env: { PYTHONPATH: source, TIMESINK_NODE: process.execPath } };
  const slowdown = await measureSlowdown(start, packages, options);
  const starting = await measureStart(start, packages, options);
  return {
    tables: [slowdown.table, starting.table],
    budgets: [...slowdown.budgets, ...starting.budgets],
    notes: [
      ...notes.filter((note) => !note.startsWith('py-spy')),
      'Pairs are neighbouring runs of one process, in which the profiler is started for every second one; its start, stop and report are not in the wall time.',
      ...slowdown.notes,
      'Cold start: from the construction of the first Profiler until its start() has returned. Memory: of the recorder, the program of Node.js included, while it records, and at most, with a report and many more recordings. Budgets are judged by the version of Node.js that does worst.',
    ],
  };
}

export const pythonApi: Suite = { name: 'python-api', title: 'Profiling from inside a Python program', run: runSuite };
