/** An hour at 1 kHz in one process: `encode FILE` builds and writes such a session, `load FILE` reads it; prints figures as JSON. */
import { readFileSync, writeFileSync } from 'node:fs';
import { SessionBuilder } from '../src/session/builder.ts';
import { decodeSession, encodeSession } from '../src/session/file.ts';
import type { Pid, ProcessIndex, Tid } from '../src/session/ids.ts';
import { type Session, type SessionMeta, threadState } from '../src/session/session.ts';
import { seconds } from '../src/session/units.ts';
import { emptyMeta } from './empty-meta.ts';
import { anyStack, makeStacks, randomNumbers, type StackShape } from './random-session.ts';

const samples = 3_600_000;
const shape: StackShape = { functions: 600, stacks: 30_000, shallowest: 5, deepest: 50 };

function build(): Session {
  const random = randomNumbers();
  const builder = new SessionBuilder();
  const process = builder.addProcess({
    ...{
      pid: 4711 as Pid,
      parentPid: 1 as Pid,
      command: ['python', 'server.py'],
      runtime: 'python',
      runtimeVersion: '3.13.0',
    },
    ...{ start: seconds(0), duration: seconds(3600), cpuTime: seconds(3500), sysPath: [], sysPrefixes: [] },
  });
  const stacks = makeStacks(builder, random, shape);
  const thread = builder.addThread({
    ...{
      process: process as ProcessIndex,
      tid: 4711 as Tid,
      ident: 1,
      name: 'MainThread',
      isMain: true,
      start: seconds(0),
    },
  });
  const state = threadState.onCpu | threadState.holdsGil;
  for (let i = 0; i < samples; i++) {
    // Ticks are jittered by a tenth, and some come late.
    const stack = anyStack(stacks, random);
    const late = random() < 0.05 ? random() * 0.0005 : 0;
    thread.add(stack, 0.0009 + random() * 0.0002 + late, state);
  }
  return builder.finish(meta);
}

const meta: SessionMeta = {
  ...emptyMeta,
  duration: seconds(3600),
  sampleCount: samples,
  quality: { ...emptyMeta.quality, ticks: samples, samples },
};

/** Of this process alone: getrusage(2) would count what its parent had before `exec`. */
function peakMegabytes(): number {
  return Number(/^VmHWM:\s*(\d+) kB$/m.exec(readFileSync('/proc/self/status', 'latin1'))?.[1]) / 1024;
}

/** What `encode` and `load` print. Megabytes of resident memory at its highest, seconds, megabytes of the file. */
export interface HourFigures {
  readonly rows: number;
  readonly idlePeak: number;
  readonly builtPeak: number;
  readonly peak: number;
  readonly fileSize: number;
  readonly seconds: number;
}

function measure(mode: string, file: string): HourFigures {
  const idlePeak = peakMegabytes();
  const session = mode === 'encode' ? build() : undefined;
  const builtPeak = peakMegabytes();
  const begin = performance.now();
  if (session !== undefined) writeFileSync(file, encodeSession(session));
  const read = session ?? decodeSession(readFileSync(file), file);
  const taken = (performance.now() - begin) / 1000;
  const rows = read.threads[0]?.stack.length ?? 0;
  return {
    rows,
    idlePeak,
    builtPeak,
    peak: peakMegabytes(),
    fileSize: readFileSync(file).length / 2 ** 20,
    seconds: taken,
  };
}

const [mode = '', file = ''] = process.argv.slice(2);
process.stdout.write(JSON.stringify(measure(mode, file)));
