/** How much longer does a small program take, from typing the command to the report, and how long does `--help` take? */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { label, noProfiler, type Profiler, prepare, type Setup } from './profilers.ts';
import { runChecked } from './run.ts';
import { meanInterval, median } from './statistics.ts';
import { atMost, chosen, type Options, progress, type Suite, type SuiteResult } from './suite.ts';

const program = fileURLToPath(new URL('programs/small.py', import.meta.url));

/** What is added by a command over a bare one; seconds. */
interface Added {
  readonly plain: number;
  readonly added: number;
  /** Half of the 95 % interval of the mean difference. */
  readonly uncertainty: number;
}

/** Neighbouring pairs in alternating order; medians. */
async function compare(
  plain: readonly string[],
  command: readonly string[],
  pairs: number,
  cwd: string,
): Promise<Added> {
  const plains: number[] = [];
  const differences: number[] = [];
  for (let pair = -1; pair < pairs; pair++) {
    const order = pair % 2 === 0 ? [plain, command] : [command, plain];
    const [first, second] = [await seconds(order[0] ?? [], cwd), await seconds(order[1] ?? [], cwd)];
    const [bare, full] = pair % 2 === 0 ? [first, second] : [second, first];
    // The first pair only fills the caches.
    if (pair < 0) continue;
    plains.push(bare);
    differences.push(full - bare);
  }
  const { value, high } = meanInterval(differences);
  return { plain: median(plains), added: median(differences), uncertainty: high - value };
}

const seconds = async (command: readonly string[], cwd: string): Promise<number> =>
  command.length === 0 ? 0 : (await runChecked(command, { cwd })).seconds;

const milliseconds = (value: number): string => `${(value * 1000).toFixed(0)} ms`;

/** The bare run time that a profiler's `--help` is compared with; py-spy is a native program and has none. */
function bareRuntime(profiler: Profiler, setup: Setup): readonly string[] {
  if (profiler.name === 'timesink') return [process.execPath, '-e', '0'];
  return profiler.name === 'pyinstrument' ? [setup.python, '-c', '0'] : [];
}

async function runSuite(options: Options): Promise<SuiteResult> {
  const setup = prepare();
  const pairs = options.quick ? 3 : 21;
  const profilers = chosen(options, setup.profilers, ({ name }) => name).filter((each) => each !== noProfiler);
  const folder = mkdtempSync(join(tmpdir(), 'timesink-bench-'));
  const added = new Map<Profiler, Added>();
  const help = new Map<Profiler, Added>();
  try {
    const plain = noProfiler.command({ python: setup.python, interval: 0.001 }, [program]);
    for (const profiler of profilers) {
      progress(`small: ${label(profiler)}`);
      const command = profiler.command({ python: setup.python, interval: 0.001 }, [program]);
      added.set(profiler, await compare(plain, command, pairs, folder));
      help.set(profiler, await compare(bareRuntime(profiler, setup), profiler.help, pairs, folder));
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  const rows = (results: ReadonlyMap<Profiler, Added>): string[][] =>
    [...results].map(([profiler, found]) => [
      label(profiler),
      milliseconds(found.plain),
      milliseconds(found.added),
      `± ${milliseconds(found.uncertainty)}`,
    ]);
  const mine = profilers.find(({ name }) => name === 'timesink');
  const found = (results: ReadonlyMap<Profiler, Added>): number | undefined => mine && results.get(mine)?.added;
  return {
    tables: [
      {
        title: `A small program, report included (median of ${pairs} pairs)`,
        columns: ['profiler', 'without', 'added', '95 % of the mean'],
        rows: rows(added),
      },
      {
        title: `--help (median of ${pairs} pairs)`,
        columns: ['profiler', 'bare runtime', 'added', '95 % of the mean'],
        rows: rows(help),
      },
    ],
    budgets: [
      atMost('extra wall time of a small program', found(added), 0.25, milliseconds),
      atMost('--help over bare `node -e 0`', found(help), 0.1, milliseconds),
    ],
    notes: setup.notes,
  };
}

export const small: Suite = { name: 'small', title: 'A small program and --help', run: runSuite };
