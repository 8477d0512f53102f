/** Are the shares in a profile true? Programs that time their own parts are compared with what a profiler says of them. */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readProfile, sharesOf } from './profile-file.ts';
import { label, type Profiler, prepare, type Setup } from './profilers.ts';
import { findPythons, type Python } from './pythons.ts';
import { runChecked } from './run.ts';
import { deviation } from './statistics.ts';
import { type Budget, chosen, type Options, progress, type Suite, type SuiteResult } from './suite.ts';

const folder = fileURLToPath(new URL('known', import.meta.url));
const interval = 0.001;

/** One part of a program under one profiler. */
interface Finding {
  readonly profiler: Profiler;
  readonly version: string;
  readonly program: string;
  readonly part: string;
  readonly truth: number;
  readonly found: number;
  readonly samples: number;
}

const errorOf = ({ truth, found }: Finding): number => Math.abs(found - truth);
const standardErrors = ({ truth, found, samples }: Finding): number => deviation(found, truth, samples);
const isTrue = (finding: Finding): boolean => standardErrors(finding) <= 5 || errorOf(finding) <= 0.01;

async function measure(
  profiler: Profiler,
  python: string,
  version: string,
  program: string,
  seconds: number,
): Promise<Finding[]> {
  const work = mkdtempSync(join(tmpdir(), 'timesink-bench-'));
  try {
    const [result, output] = [join(work, 'truth.json'), join(work, 'profile')];
    const script = join(folder, `${program}.py`);
    const command = profiler.command({ python, interval, output }, [script, result, String(seconds)]);
    await runChecked(command, { env: { PYTHONDONTWRITEBYTECODE: '1' } });
    const truth = JSON.parse(readFileSync(result, 'utf8')) as Readonly<Record<string, number>>;
    const profile = readProfile(profiler.fileFormat ?? 'records', output);
    const parts = Object.keys(truth);
    const { samples, shares } = sharesOf(profile, 'measured', parts);
    return parts.map((part, i) => ({
      ...{ profiler, version, program, part, samples },
      ...{ truth: truth[part] ?? Number.NaN, found: shares[i] ?? Number.NaN },
    }));
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

/** timesink on every version; the others where they are installed. */
function* runsOf(
  setup: Setup,
  pythons: readonly Python[],
  options: Options,
): Generator<readonly [Profiler, string, string]> {
  const profilers = chosen(options, setup.profilers, ({ name }) => name).filter(({ name }) => name !== 'none');
  for (const profiler of profilers) {
    if (profiler.name === 'timesink') for (const { path, version } of pythons) yield [profiler, path, version];
    else yield [profiler, setup.python, '3.13'];
  }
}

const percent = (share: number): string => `${(share * 100).toFixed(2)} %`;

function budgetOf(findings: readonly Finding[]): Budget {
  const mine = findings.filter(({ profiler }) => profiler.name === 'timesink');
  const wrong = mine.filter((finding) => !isTrue(finding));
  const worst = [...mine].sort((a, b) => errorOf(b) - errorOf(a))[0];
  return {
    what: 'error against known splits, functions of 1 µs and more',
    limit: 'z ≤ 5 or ≤ 1 point',
    measured:
      worst === undefined
        ? 'timesink was not measured'
        : `${mine.length - wrong.length} of ${mine.length} shares within; largest error ${percent(errorOf(worst))} (${worst.program}/${worst.part} on ${worst.version}, z ${standardErrors(worst).toFixed(1)})`,
    met: mine.length === 0 ? undefined : wrong.length === 0,
  };
}

async function runSuite(options: Options): Promise<SuiteResult> {
  const setup = prepare();
  const { pythons, notes } = findPythons(options);
  const seconds = options.seconds ?? (options.quick ? 2 : 20);
  const all = readdirSync(folder).flatMap((file) => /^(?!truth)(\w+)\.py$/.exec(file)?.[1] ?? []);
  const programs = chosen(options, all.sort(), (name) => name);
  const findings: Finding[] = [];
  for (const [profiler, python, version] of runsOf(setup, pythons, options)) {
    for (const program of programs) {
      const found = await measure(profiler, python, version, program, seconds);
      findings.push(...found);
      const text = found.map((each) => `${each.part} ${percent(each.truth)} → ${percent(each.found)}`).join(', ');
      progress(`known: ${label(profiler)}, ${version}, ${program}: ${text}`);
    }
  }
  const rows = findings.map((finding) => [
    ...[label(finding.profiler), finding.version, finding.program, finding.part],
    ...[percent(finding.truth), percent(finding.found), String(Math.round(finding.samples))],
    ...[(errorOf(finding) * 100).toFixed(2), standardErrors(finding).toFixed(1), isTrue(finding) ? '' : 'wrong'],
  ]);
  const columns = ['profiler', 'python', 'program', 'part', 'truth', 'profile', 'samples', 'points off', 'z', ''];
  return {
    tables: [{ title: `Shares of the time, ${seconds} s per program, sampled every 1 ms`, columns, rows }],
    budgets: [budgetOf(findings)],
    notes: [
      ...setup.notes,
      ...notes,
      'Truth is what the program measures of itself with perf_counter_ns in the same run; z counts standard errors of as many independent samples.',
    ],
  };
}

export const known: Suite = { name: 'known', title: 'Shares of programs whose split is known', run: runSuite };
