/** How long does it take to load a session of a million samples and print it as text, and in how much memory? */
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { LargeFigures } from './large-session.ts';
import { label, prepare, type Setup } from './profilers.ts';
import { runChecked } from './run.ts';
import { median } from './statistics.ts';
import { atMost, type Options, progress, type Suite, type SuiteResult } from './suite.ts';

const script = (name: string): string => fileURLToPath(new URL(name, import.meta.url));

const timesink = script('../dist/timesink.js');

const megabytes = (value: number): string => `${value.toFixed(0)} MB`;
const seconds = (value: number): string => `${value.toFixed(2)} s`;

/** A command whose time and memory are of interest. */
interface Contender {
  readonly who: string;
  readonly what: string;
  readonly file: string;
  readonly command: readonly string[];
  /** How often to run it. */
  readonly rounds: number;
}

/** Medians over the rounds. */
interface Measured {
  readonly seconds: number;
  readonly megabytes: number;
}

/** Round by round, so that whatever else the machine does meets all alike. */
async function measure(contenders: readonly Contender[], setup: Setup): Promise<readonly Measured[]> {
  const found = contenders.map((): Measured[] => []);
  for (let round = 0; round < Math.max(...contenders.map(({ rounds }) => rounds)); round++) {
    for (const [index, { who, what, command, rounds }] of contenders.entries()) {
      if (round >= rounds) continue;
      progress(`large: ${who}, ${what}, round ${round + 1} of ${rounds}`);
      const { stdout } = await runChecked([setup.python, script('peak.py'), ...command]);
      const { status, ...measured } = JSON.parse(stdout) as Measured & { readonly status: number };
      if (status !== 0) throw new Error(`${command.join(' ')} ended with ${status}`);
      found[index]?.push(measured);
    }
  }
  return found.map((all) => ({
    seconds: median(all.map((each) => each.seconds)),
    megabytes: Math.max(...all.map((each) => each.megabytes)),
  }));
}

/** A session in a file. */
interface Saved {
  readonly path: string;
  /** Such as `.timesink, 20000 stacks 5 to 50 deep`. */
  readonly what: string;
  readonly meanDepth: number;
}

/** One session in files of these names. */
async function save(
  folder: string,
  depths: readonly [number, number],
  names: readonly string[],
): Promise<readonly Saved[]> {
  progress(`large: ${names.join(', ')}`);
  const paths = names.map((name) => join(folder, name));
  // The arguments of this process make TypeScript run there too.
  const command = [process.execPath, ...process.execArgv, script('large-session.ts'), ...depths.map(String), ...paths];
  const { distinctStacks, meanDepth } = JSON.parse((await runChecked(command)).stdout) as LargeFigures;
  return paths.map((path) => {
    const what = `${extname(path)}, ${distinctStacks} stacks ${depths.join(' to ')} deep`;
    return { path, what, meanDepth };
  });
}

function contendersOf({ profilers, python }: Setup, sessions: readonly Saved[], rounds: number): readonly Contender[] {
  const load = (file: string): readonly string[] => ['--load', file, '-r', 'text', '-o', '/dev/null'];
  const ours = profilers.find(({ name }) => name === 'timesink');
  const theirs = profilers.find(({ name }) => name === 'pyinstrument');
  const found = sessions.map(({ path, what }): Contender => {
    const command = [process.execPath, timesink, ...load(path)];
    return { who: ours === undefined ? 'timesink' : label(ours), what, file: path, command, rounds };
  });
  const foreign = sessions.filter(({ path }) => theirs !== undefined && path.endsWith('.pyisession'));
  return [
    ...found,
    ...foreign.map(({ path, what }): Contender => {
      const command = [python, '-m', 'pyinstrument', ...load(path)];
      return { who: theirs === undefined ? 'pyinstrument' : label(theirs), what, file: path, command, rounds: 1 };
    }),
  ];
}

async function runSuite(options: Options): Promise<SuiteResult> {
  const setup = prepare();
  const folder = mkdtempSync(join(tmpdir(), 'timesink-bench-'));
  try {
    const sessions = [
      ...(await save(folder, [5, 50], ['deep.timesink'])),
      ...(await save(folder, [2, 5], ['shallow.timesink', 'shallow.pyisession'])),
    ];
    const contenders = contendersOf(setup, sessions, options.quick ? 1 : 5);
    const measured = await measure(contenders, setup);
    const [deep, shallow] = sessions.map(({ meanDepth }) => meanDepth.toFixed(0));
    return {
      tables: [
        {
          title: 'Loaded and printed as text: a million samples',
          columns: ['profiler', 'session', 'size of the file', 'wall time', 'memory at most'],
          rows: contenders.map(({ who, what, file }, index) => [
            ...[who, what, megabytes(statSync(file).size / 1e6)],
            ...[seconds(measured[index]?.seconds ?? Number.NaN), megabytes(measured[index]?.megabytes ?? Number.NaN)],
          ]),
        },
      ],
      budgets: [
        atMost('a million samples, .timesink: from the command to its end', measured[0]?.seconds, 1.5, seconds),
        atMost('a million samples, .timesink: memory', measured[0]?.megabytes, 400, megabytes),
      ],
      notes: [
        'Wall time is the median of five rounds, memory the resident memory of the whole process at its highest in any. pyinstrument, which takes minutes, has one round.',
        `Stacks are ${deep} frames deep on average in the first session and ${shallow} in the other one: a .pyisession writes out every stack for every sample, so that much deeper ones would not fit into the 500 MB that such a file may have.`,
        ...setup.notes,
      ],
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

export const large: Suite = { name: 'large', title: 'A session of a million samples', run: runSuite };
