/** How much slower does a block run while it is profiled from inside its program? */
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { pairs } from './pairs.ts';
import { geometricMean, type Interval, median, overlap } from './statistics.ts';
import { type Budget, type Options, progress, type Table } from './suite.ts';

const script = fileURLToPath(new URL('programs/profiled_block.py', import.meta.url));

/** What runs in the block, as the script and as people call it. */
const works = [
  { name: 'django_template', title: 'a loop in a Django template' },
  { name: 'recursive_fib', title: 'a recursive fib' },
  { name: 'task_switches', title: 'asyncio tasks that take turns' },
] as const;

type Work = (typeof works)[number];

/** Fewer say too little. */
const fewestPairs = 10;

/** A package whose `profile()` is put around the block; `none` is the control. */
export interface Package {
  readonly name: 'none' | 'timesink' | 'pyinstrument';
  readonly title: string;
}

/** How the programs are started. */
export interface Start {
  readonly python: string;
  readonly env: Readonly<Record<string, string>>;
}

/** A program with one block and one profiler, which lives for several runs. */
class BlockProgram {
  readonly #child: ChildProcessWithoutNullStreams;
  readonly #answers: AsyncIterator<string>;
  #words = '';

  constructor({ python, env }: Start, work: Work, profiler: Package) {
    this.#child = spawn(python, [script, work.name, profiler.name], { env: { ...process.env, ...env } });
    this.#answers = createInterface({ input: this.#child.stdout })[Symbol.asyncIterator]();
    this.#child.stdin.on('error', () => {});
    this.#child.stderr.setEncoding('utf8').on('data', (text: string) => {
      this.#words += text;
    });
  }

  async ask(what: 'calibrate' | 'plain' | 'profiled', amount: number): Promise<Readonly<Record<string, number>>> {
    this.#child.stdin.write(`${what} ${amount}\n`);
    const { value, done } = await this.#answers.next();
    if (done === true) throw new Error(`${this.#child.spawnargs.join(' ')} ended: ${this.#words.trim().slice(-600)}`);
    return JSON.parse(value) as Readonly<Record<string, number>>;
  }

  async close(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const ended = once(this.#child, 'exit');
    this.#child.stdin.end();
    await ended;
  }
}

/** What was found of one block: logarithms of profiled/plain seconds, by the package's title. */
interface Found {
  readonly work: Work;
  readonly ratios: Map<string, number[]>;
  /** Task switches a second without a profiler, a figure for each program that was started. */
  readonly switchRates: number[];
}

/** Lets one program of each package run in turns, so that all see the same machine. */
async function measureTogether(
  start: Start,
  found: Found,
  packages: readonly Package[],
  plan: { readonly seconds: number; readonly turns: number },
): Promise<void> {
  const programs = packages.map((each) => ({ title: each.title, block: new BlockProgram(start, found.work, each) }));
  try {
    const rounds: number[] = [];
    for (const { block } of programs) {
      const { rounds: count = 1, switches = 0 } = await block.ask('calibrate', plan.seconds);
      rounds.push(count);
      // The first profiled run starts the recorder.
      await block.ask('profiled', Math.ceil(count / 4));
      const { seconds = Number.NaN } = await block.ask('plain', count);
      found.switchRates.push((count * switches) / seconds);
    }
    for (let turn = 0; turn < plan.turns; turn++) {
      for (const [at, { title, block }] of programs.entries()) {
        const secondsOf = (what: 'plain' | 'profiled') => async (): Promise<number> =>
          (await block.ask(what, rounds[at] ?? 1))['seconds'] ?? Number.NaN;
        const pair = await pairs(secondsOf('plain'), secondsOf('profiled'), turn % 2 === 1);
        found.ratios.set(title, [...(found.ratios.get(title) ?? []), ...pair]);
      }
    }
  } finally {
    for (const { block } of programs) await block.close();
  }
}

const show = ({ value, low, high }: Interval): string => `${value.toFixed(3)} (${low.toFixed(3)} – ${high.toFixed(3)})`;

function budgetOf({ work, ratios }: Found, packages: readonly Package[]): Budget {
  const interval = (name: Package['name']): Interval | undefined => {
    const found = ratios.get(packages.find((each) => each.name === name)?.title ?? '');
    return found === undefined || found.length < fewestPairs ? undefined : geometricMean(found);
  };
  const [mine, control] = [interval('timesink'), interval('none')];
  const isJudged = mine !== undefined && control !== undefined;
  return {
    what: `slowdown of ${work.title}`,
    limit: `≤ 1.03, or overlaps the control's${control === undefined ? '' : ` (${control.low.toFixed(3)} – ${control.high.toFixed(3)})`}`,
    measured: isJudged ? show(mine) : `needs timesink and the control, ${fewestPairs} pairs each`,
    met: isJudged ? mine.value <= 1.03 || overlap(mine, control) : undefined,
  };
}

/**
 * Compares runs of the same process, with and without the profiler.
 * @param packages `none` and ours are measured in all programs that are started, others, whose effect is large, in the first
 */
export async function measureSlowdown(
  start: Start,
  packages: readonly Package[],
  options: Options,
): Promise<{ readonly table: Table; readonly budgets: readonly Budget[]; readonly notes: readonly string[] }> {
  const plan = { seconds: options.seconds ?? (options.quick ? 0.2 : 0.4), turns: options.quick ? 1 : 4 };
  const all = works.map((work): Found => ({ work, ratios: new Map(), switchRates: [] }));
  for (let program = 0; program < (options.quick ? 1 : 5); program++) {
    for (const found of all) {
      const measured = packages.filter(({ name }) => program === 0 || name !== 'pyinstrument');
      await measureTogether(start, found, measured, plan);
      const means = [...found.ratios].map(([title, ratios]) => `${title} ${show(geometricMean(ratios))}`);
      progress(`python-api: ${found.work.title}: ${means.join(', ')}`);
    }
  }
  const cell = ({ ratios }: Found, { title }: Package): string => {
    const found = ratios.get(title) ?? [];
    return found.length === 0 ? '' : `${show(geometricMean(found))}, ${found.length}`;
  };
  const rate = median(all.flatMap(({ switchRates }) => switchRates.filter((each) => each > 0)));
  return {
    table: {
      title:
        'Wall time of a block in `with profile():` over that without: mean of the pairs (95 % interval), their number',
      columns: ['block', ...packages.map(({ title }) => title)],
      rows: all.map((found) => [found.work.title, ...packages.map((each) => cell(found, each))]),
    },
    budgets: all.map((found) => budgetOf(found, packages)),
    notes: [`The asyncio program switches between its tasks ${Math.round(rate).toLocaleString('en')} times a second.`],
  };
}
