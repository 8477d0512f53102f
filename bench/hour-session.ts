/** An hour at 1 kHz in one process: `encode FILE` builds and writes such a session, `load FILE` reads it; prints figures as JSON. */
import { readFileSync, writeFileSync } from 'node:fs';
import { SessionBuilder } from '../src/session/builder.ts';
import { decodeSession, encodeSession } from '../src/session/file.ts';
import { noStack, type Pid, type ProcessIndex, type StackIndex, type Tid } from '../src/session/ids.ts';
import { type Session, type SessionMeta, threadState } from '../src/session/session.ts';
import { seconds } from '../src/session/units.ts';
import { emptyMeta } from './empty-meta.ts';

const samples = 3_600_000;
const functions = 600;
const distinctStacks = 30_000;

/** A small fast generator (xorshift32), so that every run writes the same session. */
function randomNumbers(): () => number {
  let state = 2463534242;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
}

/** Stacks 5 to 50 deep: each shares a part of its callers with an earlier one. */
function makeStacks(builder: SessionBuilder, random: () => number): readonly StackIndex[] {
  const frames = Array.from({ length: functions }, (_, i) =>
    builder.frame({
      ...{
        kind: 'python',
        functionName: `function_${i}`,
        file: `/srv/application/package_${i % 12}/module_${i % 60}.py`,
      },
      ...{ firstLine: 10 + ((i * 37) % 900), className: i % 3 === 0 ? `Class${i % 40}` : null, hidden: false },
    }),
  );
  const stacks: { readonly path: readonly StackIndex[] }[] = [{ path: [] }];
  while (stacks.length <= distinctStacks) {
    const base = stacks[Math.floor(random() * stacks.length)]?.path ?? [];
    const path = base.slice(0, Math.floor(random() ** 0.3 * (base.length + 1)));
    const depth = Math.min(50, Math.max(5, path.length + 1 + Math.floor(random() * 4)));
    while (path.length < depth) {
      const frame = frames[Math.floor(random() ** 2 * functions)] ?? frames[0];
      if (frame === undefined) break;
      path.push(builder.child(path.at(-1) ?? noStack, builder.location(frame, Math.floor(random() * 900) + 1)));
    }
    stacks.push({ path });
  }
  return stacks.slice(1).map(({ path }) => path.at(-1) ?? noStack);
}

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
  const stacks = makeStacks(builder, random);
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
    // Few stacks take most of the time, as in real programs; ticks are jittered by a tenth, and some come late.
    const stack = stacks[Math.floor(random() ** 3 * stacks.length)] ?? noStack;
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

const megabytes = (kilobytes: number): number => kilobytes / 1024;

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
  const peak = (): number => megabytes(process.resourceUsage().maxRSS);
  const idlePeak = peak();
  const session = mode === 'encode' ? build() : undefined;
  const builtPeak = peak();
  const begin = performance.now();
  if (session !== undefined) writeFileSync(file, encodeSession(session));
  const read = session ?? decodeSession(readFileSync(file), file);
  const taken = (performance.now() - begin) / 1000;
  const rows = read.threads[0]?.stack.length ?? 0;
  return { rows, idlePeak, builtPeak, peak: peak(), fileSize: readFileSync(file).length / 2 ** 20, seconds: taken };
}

const [mode = '', file = ''] = process.argv.slice(2);
process.stdout.write(JSON.stringify(measure(mode, file)));
