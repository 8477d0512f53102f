/** What does py-spy see of the same targets? It stops its target for every sample, or with `--nonblocking` it does not. */
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { readFolded } from '../profile-file.ts';
import { label, prepare } from '../profilers.ts';
import { run, sleep } from '../run.ts';
import { progress, type Table } from '../suite.ts';
import { type IsPossible, type Kind, readPossible } from './kinds.ts';

/** Shares of the samples that succeeded; `failed` of all that were tried. */
interface View {
  readonly samples: number;
  readonly failed: number;
  readonly impossible: number;
  readonly leaf: number;
}

/** Both ways on every kind, on CPython 3.13. @throws when py-spy is not there or fails */
export async function comparePySpy(kinds: readonly Kind[], seconds: number): Promise<Table> {
  const { python, profilers } = prepare();
  const pySpy = profilers.find(({ name }) => name === 'py-spy');
  if (pySpy === undefined) throw new Error('py-spy could not be run');
  const rows: string[][] = [];
  for (const kind of kinds) {
    const isPossible = await readPossible(kind, python);
    const target = spawn(python, [kind.script], { stdio: ['ignore', 'ignore', 'inherit'] });
    try {
      await sleep(0.8);
      for (const mode of [[], ['--nonblocking']]) {
        const command = [join(dirname(python), 'py-spy'), 'record', '--pid', String(target.pid), ...mode];
        const view = await record(command, seconds, isPossible);
        rows.push([kind.name, mode[0] ?? 'stops its target', ...cells(view)]);
        progress(`coherence: ${label(pySpy)}, ${rows.at(-1)?.join(', ')}`);
      }
    } finally {
      target.kill('SIGKILL');
    }
  }
  const columns = ['kind', 'way', 'samples', 'failed', 'impossible', 'leaf'];
  return { title: `${label(pySpy)} at 1 kHz, 3.13, ${seconds} s each`, columns, rows };
}

function cells({ samples, failed, impossible, leaf }: View): readonly string[] {
  const shares = [failed, impossible, leaf].map((share) => `${(share * 100).toFixed(1)} %`);
  return [String(samples), ...shares];
}

async function record(pySpy: readonly string[], seconds: number, isPossible: IsPossible): Promise<View> {
  const folder = mkdtempSync(join(tmpdir(), 'timesink-bench-'));
  try {
    const output = join(folder, 'stacks');
    const how = ['--idle', '--rate', '1000', '--duration', String(seconds), '--format', 'raw', '--output', output];
    const ended = await run([...pySpy, ...how]);
    if (!existsSync(output)) throw new Error(`py-spy ended with ${ended.status}: ${ended.stderr.trim().slice(-300)}`);
    const failed = Number(/Errors: (\d+)/.exec(ended.stdout + ended.stderr)?.[1] ?? Number.NaN);
    return viewOf(output, failed, isPossible);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function viewOf(file: string, failed: number, isPossible: IsPossible): View {
  let [samples, impossible, leaf] = [0, 0, 0];
  for (const [stack, times] of readFolded(file).records) {
    // Only the main thread, as everywhere in this suite.
    if (stack[0] === '_bootstrap') continue;
    samples += times;
    if (!isPossible(stack)) impossible += times;
    if (stack.at(-1)?.startsWith('leaf') === true) leaf += times;
  }
  return { samples, failed: failed / (failed + samples), impossible: impossible / samples, leaf: leaf / samples };
}
