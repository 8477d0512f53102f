/** Writes sessions of a million samples: `node large-session.ts SHALLOWEST DEEPEST FILE…`; prints what is in them as JSON. */
import { writeFileSync } from 'node:fs';
import { SessionBuilder } from '../src/session/builder.ts';
import { encodeSession } from '../src/session/file.ts';
import type { Pid, Tid } from '../src/session/ids.ts';
import { formatPyisession } from '../src/session/pyisession.ts';
import { type Session, threadState } from '../src/session/session.ts';
import { seconds } from '../src/session/units.ts';
import { emptyMeta } from './empty-meta.ts';
import { anyStack, makeStacks, randomNumbers } from './random-session.ts';

const samples = 1_000_000;
const distinctStacks = 20_000;

/** What the script prints. */
export interface LargeFigures {
  readonly rows: number;
  readonly distinctStacks: number;
  readonly meanDepth: number;
}

function build(shallowest: number, deepest: number): Session {
  const random = randomNumbers();
  const builder = new SessionBuilder();
  const process = builder.addProcess({
    pid: 4711 as Pid,
    parentPid: 1 as Pid,
    command: ['python', 'server.py'],
    runtime: 'python',
    runtimeVersion: '3.13.0',
    start: seconds(0),
    duration: seconds(1000),
    cpuTime: seconds(990),
    sysPath: ['/srv/application', '/usr/lib/python3.13'],
    sysPrefixes: ['/usr', '/usr', '/usr', '/usr'],
  });
  const shape = { functions: 600, stacks: distinctStacks, shallowest, deepest };
  const stacks = makeStacks(builder, random, shape);
  const identity = { process, tid: 4711 as Tid, ident: 1, name: 'MainThread', isMain: true, start: seconds(0) };
  const thread = builder.addThread(identity);
  for (let i = 0; i < samples; i++) {
    // A row for each sample: as in a program that never does the same twice in a row.
    thread.addRow(anyStack(stacks, random), 0.0009 + random() * 0.0002, threadState.onCpu | threadState.holdsGil);
  }
  const quality = { ...emptyMeta.quality, ticks: samples, samples };
  return builder.finish({ ...emptyMeta, duration: seconds(1000), sampleCount: samples, quality });
}

function figuresOf({ stacks, threads }: Session): LargeFigures {
  const rows = threads[0]?.stack ?? new Int32Array(0);
  const depths = new Int32Array(stacks.parent.length);
  stacks.parent.forEach((parent, stack) => {
    depths[stack] = 1 + (depths[parent] ?? 0);
  });
  const depth = rows.reduce((sum, stack) => sum + (depths[stack] as number), 0);
  return { rows: rows.length, distinctStacks: new Set(rows).size, meanDepth: depth / rows.length };
}

const [shallowest = '', deepest = '', ...files] = process.argv.slice(2);
const session = build(Number(shallowest), Number(deepest));
for (const file of files) {
  writeFileSync(file, file.endsWith('.pyisession') ? formatPyisession(session) : encodeSession(session));
}
process.stdout.write(JSON.stringify(figuresOf(session)));
