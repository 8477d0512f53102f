/** Writes a session of any size: `node page-session.ts SAMPLES FILE…`, one thread at 1 ms. */
import { writeFileSync } from 'node:fs';
import { SessionBuilder } from '../src/session/builder.ts';
import { encodeSession } from '../src/session/file.ts';
import type { Pid, Tid } from '../src/session/ids.ts';
import { formatPyisession } from '../src/session/pyisession.ts';
import { type Session, threadState } from '../src/session/session.ts';
import { seconds } from '../src/session/units.ts';
import { emptyMeta } from './empty-meta.ts';
import { anyStack, makeStacks, randomNumbers } from './random-session.ts';

const interval = 0.001;

function build(samples: number): Session {
  const random = randomNumbers();
  const builder = new SessionBuilder();
  const duration = seconds(samples * interval);
  const process = builder.addProcess({
    ...{ pid: 4711 as Pid, parentPid: 1 as Pid, command: ['python', 'server.py'], runtime: 'python' },
    ...{ runtimeVersion: '3.13.0', start: seconds(0), duration, cpuTime: duration },
    sysPath: ['/srv/application', '/usr/lib/python3.13'],
    sysPrefixes: ['/usr', '/usr', '/usr', '/usr'],
  });
  const distinct = Math.min(30_000, Math.ceil(samples / 40));
  const stacks = makeStacks(builder, random, { functions: 600, stacks: distinct, shallowest: 5, deepest: 40 });
  const identity = { process, tid: 4711 as Tid, ident: 1, name: 'MainThread', isMain: true, start: seconds(0) };
  const thread = builder.addThread(identity);
  for (let sample = 0; sample < samples; sample++) {
    // Ticks are jittered by a tenth, as in recordings.
    const weight = interval * (0.9 + random() * 0.2);
    thread.add(anyStack(stacks, random), weight, threadState.onCpu | threadState.holdsGil);
  }
  const quality = { ...emptyMeta.quality, ticks: samples, samples };
  return builder.finish({ ...emptyMeta, duration, cpuTime: duration, sampleCount: samples, quality });
}

const [samples = '', ...files] = process.argv.slice(2);
const session = build(Number(samples));
for (const file of files) {
  writeFileSync(file, file.endsWith('.pyisession') ? formatPyisession(session) : encodeSession(session));
}
