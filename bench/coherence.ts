/** Do the stacks fit together? Counts calls that cannot be, in programs of functions so short that every copy is torn. */
import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { type IsPossible, type Kind, listKinds, readPossible } from './coherence/kinds.ts';
import { comparePySpy } from './coherence/py-spy.ts';
import { runFor } from './flat-out.ts';
import { findPythons, type Python } from './pythons.ts';
import { cpuSeconds, sleep } from './run.ts';
import { mean } from './statistics.ts';
import {
  atMost,
  type Budget,
  chosen,
  type Options,
  progress,
  type Suite,
  type SuiteResult,
  type Table,
} from './suite.ts';
import { openWalker, type Walker } from './walker.ts';

/** What was seen of one process. Shares of samples. */
interface Observation {
  readonly samples: number;
  readonly impossible: number;
  readonly incomplete: number;
  /** In functions named `leaf…`, while running and while stopped. */
  readonly leaf: number;
  readonly stoppedLeaf: number;
  /** CPU seconds. */
  readonly perSample: number;
  /** CPU time of the target per wall time while it was walked: below 1, something else took the processor. */
  readonly ran: number;
  /** The impossible stack seen most. */
  readonly example: string;
}

interface Row {
  readonly kind: string;
  readonly python: Python;
  readonly processes: readonly Observation[];
}

type Counts = Map<number, number>;

const count = (counts: Counts, stack: number): Counts => counts.set(stack, (counts.get(stack) ?? 0) + 1);

function leafShare(walker: Walker, counts: Counts): number {
  let [leaf, total] = [0, 0];
  for (const [stack, times] of counts) {
    if (stack < 0) continue;
    total += times;
    if (walker.functionsOf(stack).at(-1)?.startsWith('leaf') === true) leaf += times;
  }
  return leaf / total;
}

/** Walks again and again while the target runs. */
function walkRunning(walker: Walker, seconds: number): { readonly counts: Counts; readonly perSample: number } {
  runFor(0.2, () => walker.sample());
  const counts: Counts = new Map();
  let samples = 0;
  const before = process.cpuUsage();
  runFor(seconds, () => {
    count(counts, walker.sample());
    samples++;
  });
  const used = process.cpuUsage(before);
  return { counts, perSample: (used.user + used.system) / 1e6 / samples };
}

/** Stops the target at random moments and walks from where it is. */
function walkStopped(walker: Walker, pid: number, seconds: number): Counts {
  const counts: Counts = new Map();
  const pause = new Int32Array(new SharedArrayBuffer(4));
  const end = performance.now() + seconds * 1000;
  while (performance.now() < end) {
    Atomics.wait(pause, 0, 0, 0.3 + Math.random());
    process.kill(pid, 'SIGSTOP');
    while (!/\) [TZX]/.test(readFileSync(`/proc/${pid}/stat`, 'latin1')));
    count(counts, walker.sampleStopped());
    process.kill(pid, 'SIGCONT');
  }
  return counts;
}

function observe(walker: Walker, pid: number, isPossible: IsPossible, seconds: number): Observation {
  const [begin, before] = [performance.now(), cpuSeconds(pid)];
  const { counts, perSample } = walkRunning(walker, seconds);
  const ran = ((cpuSeconds(pid) ?? Number.NaN) - (before ?? Number.NaN)) / ((performance.now() - begin) / 1000);
  const stopped = walkStopped(walker, pid, seconds);
  const samples = [...counts.values()].reduce((sum, times) => sum + times, 0);
  const incomplete = counts.get(-1) ?? 0;
  let [impossible, example, most] = [0, '', 0];
  for (const [stack, times] of counts) {
    const names = stack < 0 ? [] : walker.functionsOf(stack);
    if (stack < 0 || isPossible(names)) continue;
    impossible += times;
    if (times > most) [most, example] = [times, names.slice(-6).join(' > ')];
  }
  return {
    ...{ samples, perSample, ran, example, incomplete: incomplete / samples, impossible: impossible / samples },
    ...{ leaf: leafShare(walker, counts), stoppedLeaf: leafShare(walker, stopped) },
  };
}

async function measureProcess(
  kind: Kind,
  python: Python,
  isPossible: IsPossible,
  seconds: number,
): Promise<Observation> {
  const target: ChildProcess = spawn(python.path, [kind.script], { stdio: ['ignore', 'ignore', 'inherit'] });
  try {
    const pid = target.pid;
    if (pid === undefined) throw new Error(`${python.path} could not be started`);
    await sleep(0.8);
    const walker = await openWalker(pid);
    try {
      return observe(walker, pid, isPossible, seconds);
    } finally {
      walker.close();
    }
  } finally {
    target.kill('SIGKILL');
  }
}

/** Over all processes together. */
const overall = (row: Row, key: 'impossible' | 'incomplete'): number =>
  row.processes.reduce((sum, each) => sum + each[key] * each.samples, 0) / totalSamples(row);
const totalSamples = (row: Row): number => row.processes.reduce((sum, each) => sum + each.samples, 0);
const average = (row: Row, key: 'leaf' | 'stoppedLeaf' | 'perSample' | 'ran'): number =>
  mean(row.processes.map((each) => each[key]));
const leafError = (row: Row): number => Math.abs(average(row, 'leaf') - average(row, 'stoppedLeaf'));

const percent = (share: number): string => `${(share * 100).toFixed(1)} %`;
const fine = (share: number): string => `${(share * 100).toFixed(3)} %`;
const points = (share: number): string => `${(share * 100).toFixed(1)} points`;

function cells(row: Row): string[] {
  const worst = Math.max(...row.processes.map(({ impossible }) => impossible));
  const example = [...row.processes].sort((a, b) => b.impossible - a.impossible)[0]?.example ?? '';
  return [
    ...[row.kind, row.python.version, String(totalSamples(row))],
    ...[fine(overall(row, 'impossible')), fine(worst), fine(overall(row, 'incomplete'))],
    ...[percent(average(row, 'leaf')), percent(average(row, 'stoppedLeaf'))],
    ...[
      `${(average(row, 'perSample') * 1e6).toFixed(1)} µs`,
      `${(average(row, 'ran') * 100).toFixed(0)} %`,
      example.replaceAll('|', ''),
    ],
  ];
}

/** The worst of some rows, with its place, as a budget. */
function worstOf(
  what: string,
  rows: readonly Row[],
  measure: (row: Row) => number,
  limit: number,
  show: (value: number) => string,
): Budget {
  const worst = [...rows].sort((a, b) => measure(b) - measure(a))[0];
  const budget = atMost(what, worst && measure(worst), limit, show);
  return worst === undefined
    ? budget
    : { ...budget, measured: `${budget.measured} (${worst.kind}, ${worst.python.version})` };
}

function budgetsOf(rows: readonly Row[]): readonly Budget[] {
  const of = (minors: readonly [number, number], kind: (name: string) => boolean = () => true): readonly Row[] =>
    rows.filter((row) => row.python.minor >= minors[0] && row.python.minor <= minors[1] && kind(row.kind));
  const isPlain = (name: string): boolean => name === 'plain' || name === 'shared';
  const impossible = (row: Row): number => overall(row, 'impossible');
  return [
    worstOf(
      'impossible calls, 3.11+, all kinds but generators',
      of([11, 15], (name) => name !== 'generators'),
      impossible,
      0.0005,
      fine,
    ),
    worstOf(
      'impossible calls, 3.12+, generators',
      of([12, 15], (name) => name === 'generators'),
      impossible,
      0.002,
      fine,
    ),
    worstOf('impossible calls, 3.8–3.10', of([8, 10]), impossible, 0.005, fine),
    worstOf(
      'leaf share of plain calls beside the stopped target, 3.11–3.13',
      of([11, 13], isPlain),
      leafError,
      0.03,
      points,
    ),
    worstOf(
      'leaf share of plain calls beside the stopped target, 3.14 and 3.15',
      of([14, 15], isPlain),
      leafError,
      0.05,
      points,
    ),
    worstOf('incomplete stacks', rows, (row) => overall(row, 'incomplete'), 0.001, fine),
  ];
}

/** All processes of one kind on one version. */
async function measureKind(kind: Kind, python: Python, options: Options, seconds: number): Promise<Row> {
  const isPossible = await readPossible(kind, python.path);
  const processes: Observation[] = [];
  for (let i = 0; i < options.processes; i++) processes.push(await measureProcess(kind, python, isPossible, seconds));
  const row: Row = { kind: kind.name, python, processes };
  progress(`coherence: ${cells(row).join(', ')}`);
  return row;
}

const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

const columns = [
  ...['kind', 'python', 'samples', 'impossible', 'worst process', 'incomplete', 'leaf', 'leaf, stopped'],
  ...['CPU per sample', 'target ran', 'most frequent impossible stack'],
];

const remarks = [
  'Impossible: a call that the source does not contain (kind `shared`: a whole stack). Leaf: share of samples whose innermost Python function is one of the leaves.',
  'Target ran: CPU time of the target per wall time while it was walked. Below 100 % other programs took the processor, and samples of a target that stands still are not independent.',
];

async function runSuite(options: Options): Promise<SuiteResult> {
  const { pythons, notes } = findPythons(options);
  const seconds = options.seconds ?? (options.quick ? 0.5 : 1.5);
  const kinds = chosen(options, listKinds(), ({ name }) => name);
  const failures: string[] = [];
  const rows: Row[] = [];
  for (const kind of kinds) {
    for (const python of pythons) {
      try {
        rows.push(await measureKind(kind, python, options, seconds));
      } catch (error) {
        failures.push(`${kind.name} on Python ${python.version} could not be measured: ${reasonOf(error)}.`);
      }
    }
  }
  const tables: Table[] = [
    {
      title: `Flat out, ${options.processes} processes each, ${seconds} s per process`,
      columns,
      rows: rows.map(cells),
    },
  ];
  try {
    if (pythons.some(({ minor }) => minor === 13)) tables.push(await comparePySpy(kinds, options.quick ? 1 : 5));
  } catch (error) {
    failures.push(`py-spy could not be compared: ${reasonOf(error)}.`);
  }
  return { tables, budgets: budgetsOf(rows), notes: [...notes, ...failures, ...remarks] };
}

export const coherence: Suite = {
  name: 'coherence',
  title: 'Coherence of stacks read from a running process',
  run: runSuite,
};
