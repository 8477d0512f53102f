/** Which broken files does the fuzzer try? For each format: good files and the ways to break them. */
import { gunzipSync, gzipSync } from 'node:zlib';
import { findRenderer } from '../../src/render/registry.ts';
import { encodeSession } from '../../src/session/file.ts';
import { formatPyisession } from '../../src/session/pyisession.ts';
import { mutateBytes, mutateJson, pick, type Random } from '../support/mutations.ts';
import { sessionFromText } from '../support/session-from-text.ts';
import { recordedSession } from '../support/sessions.ts';

/** A format that is read. */
export interface BrokenFormat {
  readonly name: string;
  /** A good file, broken somewhere. */
  breakOne(random: Random): Uint8Array;
}

const asyncSession = sessionFromText({
  threads: [
    { samples: '1 2 0.5\nmain:1 main:2 main:2\nBox.f:4 [await] [not sampled]' },
    { name: 'worker', samples: '3w 1\nrun:7! time()' },
    { name: 'child', samples: '2\n__proto__@/usr/lib/python3.13/json/decoder.py:9', process: 1 },
  ],
  processes: [{ sysPath: ['/app', '/usr/lib/python3.13'], sysPrefixes: ['/usr'] }, { command: ['/bin/x', '-y'] }],
  meta: { notes: ['A note.'] },
});

/** The lines inside a `.timesink` file. */
const linesOf = (file: Uint8Array): readonly string[] => gunzipSync(file).toString().trimEnd().split('\n');

const pack = (text: string | Buffer): Buffer => gzipSync(text, { level: 1 });

const ownFiles = [recordedSession(), asyncSession].map((session) => Buffer.from(encodeSession(session)));

function breakLines(lines: readonly string[], random: Random): string {
  const broken = [...lines];
  const at = Math.floor(random() * lines.length);
  const way = random();
  if (way < 0.2) broken.splice(at, 1);
  else if (way < 0.4) broken.splice(Math.floor(random() * lines.length), 0, broken[at] as string);
  else broken[at] = mutateJson(JSON.parse(broken[at] as string), random);
  return `${broken.join('\n')}\n`;
}

const timesink: BrokenFormat = {
  name: 'timesink',
  breakOne(random) {
    const file = pick(random, ownFiles);
    const way = random();
    if (way < 0.25) return mutateBytes(file, random);
    if (way < 0.5) return pack(mutateBytes(gunzipSync(file), random));
    return pack(breakLines(linesOf(file), random));
  },
};

function pyisession(goldens: readonly string[]): BrokenFormat {
  const files = [...goldens, formatPyisession(recordedSession())];
  return { name: 'pyisession', breakOne: (random) => breakText(pick(random, files), random) };
}

const shared = {
  frames: [
    { name: 'main', file: '/a.py', line: 1 },
    { name: 'sleep', file: '<built-in>', line: 0 },
  ],
};

const sampled = {
  profiles: [
    {
      type: 'sampled',
      name: 'a',
      unit: 'milliseconds',
      startValue: 5,
      endValue: 9,
      samples: [[0], [0, 1], []],
      weights: [1, 2, 1],
    },
    {
      type: 'sampled',
      name: 'b',
      unit: 'nanoseconds',
      startValue: 0,
      endValue: 9,
      samples: [[1], [1]],
      weights: [4, 5],
    },
  ],
  shared,
};

const speedscopeFiles = [
  ...[recordedSession(), asyncSession].map((session) => String(findRenderer('speedscope').render(session))),
  JSON.stringify(sampled),
];

const speedscope: BrokenFormat = {
  name: 'speedscope',
  breakOne: (random) => breakText(pick(random, speedscopeFiles), random),
};

const cpuFrame = (functionName: string, url: string) => ({
  functionName,
  url,
  scriptId: '1',
  lineNumber: 3,
  columnNumber: 7,
});

const hits = {
  nodes: [
    { id: 1, callFrame: cpuFrame('(root)', ''), children: [2, 3, 4] },
    { id: 2, callFrame: cpuFrame('main', 'file:///a.js'), hitCount: 3, positionTicks: [{ line: 5, ticks: 2 }] },
    { id: 3, callFrame: cpuFrame('(idle)', ''), hitCount: 1 },
    { id: 4, callFrame: cpuFrame('(garbage collector)', ''), hitCount: 1 },
  ],
  startTime: 1000,
  endTime: 9000,
};

const chunk = {
  cpuProfile: { nodes: hits.nodes, samples: [2, 2, 4, 3] },
  timeDeltas: [5, 9, 7, 8],
  lines: [5, 6, 0, 0],
};

const trace = [
  { name: 'thread_name', ph: 'M', pid: 1, tid: 2, args: { name: 'Main' } },
  { name: 'Profile', ph: 'P', id: '0x1', pid: 1, tid: 2, args: { data: { startTime: 5 } } },
  { name: 'ProfileChunk', ph: 'P', id: '0x1', pid: 1, tid: 3, args: { data: chunk } },
];

const cpuprofileFiles = [
  ...[recordedSession(), asyncSession].map((session) => String(findRenderer('cpuprofile').render(session))),
  ...[hits, { traceEvents: trace }, trace].map((json) => JSON.stringify(json)),
];

const cpuprofile: BrokenFormat = {
  name: 'cpuprofile',
  breakOne: (random) => breakText(pick(random, cpuprofileFiles), random),
};

function breakText(text: string, random: Random): Buffer {
  return random() < 0.4 ? mutateBytes(Buffer.from(text), random) : Buffer.from(mutateJson(JSON.parse(text), random));
}

/**
 * All formats that can be read.
 * @param goldens texts of good `.pyisession` files
 */
export function brokenFormats(goldens: readonly string[]): readonly BrokenFormat[] {
  return [timesink, pyisession(goldens), speedscope, cpuprofile];
}
