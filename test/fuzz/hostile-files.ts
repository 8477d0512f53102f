/** Which files were made to hurt? Small ones that become large, and such as keep a reader busy; by format and name. */
import { gunzipSync, gzipSync } from 'node:zlib';
import { encodeSession } from '../../src/session/file.ts';
import { formatPyisession } from '../../src/session/pyisession.ts';
import { recordedSession } from '../support/sessions.ts';

/** Makes a file. */
export type MakeFile = () => Uint8Array;

const lines = gunzipSync(encodeSession(recordedSession())).toString().trimEnd().split('\n');
const header = lines[0] as string;
const pyisession = JSON.parse(formatPyisession(recordedSession())) as Readonly<Record<string, unknown>>;

/** A line of the good file. */
const part = (name: string): string => lines.find((line) => line.includes(`"part":"${name}"`)) as string;

const list = (entry: string, length: number): string => `[${`${entry},`.repeat(length - 1)}${entry}]`;

const pack = (text: string): Uint8Array => gzipSync(text);

/** The good file with a part, or many, before its end. */
const withPart = (text: string, count = 1): Uint8Array =>
  pack(`${lines.slice(0, -1).join('\n')}\n${`${text}\n`.repeat(count)}{"part":"end"}\n`);

const rows = `{"part":"rows","stack":${list('0', 65_536)},"seconds":${list('1', 65_536)},"state":${list('0', 65_536)}}`;
const frame =
  '{"part":"frames","kind":[0],"functionName":[1],"file":[-1],"firstLine":[1],"className":[-1],"hidden":[0]}';

const timesinkFiles: Readonly<Record<string, MakeFile>> = {
  'zeros-256-mb': () => gzipSync(Buffer.alloc(2 ** 28)),
  'zeros-8-mb': () => gzipSync(Buffer.alloc(8e6)),
  'brackets-8-mb': () => pack(`${header}\n${'['.repeat(8e6)}`),
  'empty-strings': () => withPart(`{"part":"strings","values":${list('""', 2e6)}}`),
  'numbers-for-strings': () => withPart(`{"part":"strings","values":${list('0', 2e6)}}`),
  'lists-for-strings': () => withPart(`{"part":"strings","values":${list('[]', 1e6)}}`),
  'objects-for-strings': () => withPart(`{"part":"strings","values":${list('{}', 1e6)}}`),
  'short-strings': () => withPart(`{"part":"strings","values":${list('"ab"', 1.5e6)}}`),
  'many-strings-parts': () => withPart('{"part":"strings","values":["ab","cd"]}', 200_000),
  'rows-8-mb': () => withPart(rows, 20),
  'rows-400-mb': () => withPart(rows, 1000),
  'many-threads': () => withPart(part('thread'), 40_000),
  'many-processes': () => withPart(part('process'), 30_000),
  'many-frames': () => withPart(frame, 70_000),
  'long-frames': () => {
    const columns = ['kind', 'functionName', 'file', 'firstLine', 'className', 'hidden'];
    return withPart(`{"part":"frames",${columns.map((name) => `"${name}":${list('0', 3e5)}`).join(',')}}`);
  },
  'deep-stack': () => withPart(`{"part":"stacks","distance":${list('1', 65_536)},"location":${list('0', 65_536)}}`, 30),
  'many-members': () => {
    const members = Array.from({ length: 5e5 }, (_, key) => `"${key}":0`).join(',');
    return withPart(`{"part":"strings","values":[],${members}}`);
  },
  'many-gzip-members': () => Buffer.concat(Array<Uint8Array>(20_000).fill(gzipSync(''))),
};

const text =
  (content: string): MakeFile =>
  () =>
    Buffer.from(content);

const pyisessionFiles: Readonly<Record<string, MakeFile>> = {
  brackets: text('['.repeat(2e6)),
  'nested-lists': text(`{"frame_records":${'['.repeat(5e5)}${']'.repeat(5e5)}}`),
  'nested-objects': text(`{"frame_records":${'{"a":'.repeat(5e5)}1${'}'.repeat(5e5)}}`),
  'empty-records': text(`{"frame_records":[${'[[],0],'.repeat(1e5)}[[],0]]}`),
  'many-members': () => {
    const members = Array.from({ length: 2e5 }, (_, key) => [`${key * 7}`, 0]);
    return Buffer.from(JSON.stringify({ ...pyisession, ...Object.fromEntries(members) }));
  },
  blanks: text(`${' '.repeat(5e6)}{}`),
  'deep-stack': () => {
    const stack = Array.from({ length: 20_000 }, (_, index) => `f${index % 3}\0/a.py\x00${index % 2}`);
    return Buffer.from(JSON.stringify({ ...pyisession, frame_records: [[stack, 1]] }));
  },
  'many-frames': () => {
    const records = Array.from({ length: 10_000 }, (_, index) => [[`f${index}\0/a${index}.py\x001`], 1]);
    return Buffer.from(JSON.stringify({ ...pyisession, frame_records: records }));
  },
  'longest-times': () => {
    const times = { start_time: -1.7e308, duration: 1e15, cpu_time: 1e15, min_interval: -1e300, max_interval: 1e308 };
    const records = ['f', 'g', '[await]'].map((name) => [[`MainThread\0<thread>\x00${2 ** 53 - 1}`, name], 1e15]);
    return Buffer.from(JSON.stringify({ ...pyisession, ...times, sample_count: 2 ** 53 - 1, frame_records: records }));
  },
  'open-string': () => Buffer.concat([Buffer.from('{"frame_records":["'), Buffer.alloc(2e6, 0xff)]),
};

const evented = { type: 'evented', name: 'a', unit: 'seconds', startValue: 0, endValue: 1e6 };

const speedscopeFile = (profiles: readonly unknown[], frames: readonly unknown[]): Uint8Array =>
  Buffer.from(JSON.stringify({ profiles, shared: { frames } }));

const speedscopeFiles: Readonly<Record<string, MakeFile>> = {
  brackets: text(`{"profiles":[],"shared":${'['.repeat(2e6)}`),
  'nested-lists': text(`{"shared":{},"profiles":${'['.repeat(5e5)}${']'.repeat(5e5)}}`),
  'many-profiles': () => speedscopeFile(Array(10_000).fill({ ...evented, events: [] }), []),
  'many-frames': () =>
    speedscopeFile(
      [],
      Array.from({ length: 1e5 }, (_, index) => ({ name: `f${index}` })),
    ),
  'deep-stack': () => {
    const open = Array.from({ length: 3000 }, (_, at) => ({ type: 'O', at, frame: at % 3 }));
    const close = open.map(({ frame }) => ({ type: 'C', at: 1e6, frame })).reverse();
    return speedscopeFile([{ ...evented, events: [...open, ...close] }], [{ name: 'f' }, { name: 'g' }, { name: 'h' }]);
  },
  'deep-samples': () => {
    const samples = Array.from({ length: 100 }, (_, index) => Array(1000 + index).fill(0));
    return speedscopeFile([{ ...evented, type: 'sampled', samples, weights: samples.map(() => 1) }], [{ name: 'f' }]);
  },
  blanks: text(`{"profiles":[],"shared"${' '.repeat(5e6)}:0}`),
  quotes: text(`{"profiles":[],"shared":["${'\\"'.repeat(2e6)}"]}`),
};

const cpuNode = (id: number, changes: object = {}): object => ({
  ...{ id, callFrame: { functionName: `f${id % 3}`, url: 'a.js', lineNumber: id % 5, columnNumber: 0 } },
  ...changes,
});

const cpuprofileFile = (nodes: readonly unknown[], samples: readonly number[]): Uint8Array =>
  Buffer.from(JSON.stringify({ nodes, startTime: 0, endTime: 1e6, samples, timeDeltas: samples.map(() => 1) }));

const cpuprofileFiles: Readonly<Record<string, MakeFile>> = {
  brackets: text(`{"nodes":[],"timeDeltas":${'['.repeat(2e6)}`),
  'nested-lists': text(`{"timeDeltas":[],"nodes":${'['.repeat(5e5)}${']'.repeat(5e5)}}`),
  'many-nodes': () =>
    cpuprofileFile(
      Array.from({ length: 50_000 }, (_, id) => cpuNode(id)),
      [1],
    ),
  'deep-stack': () =>
    cpuprofileFile(
      Array.from({ length: 20_000 }, (_, id) => cpuNode(id, id === 0 ? {} : { parent: id - 1 })),
      Array.from({ length: 100 }, (_, index) => 19_999 - index),
    ),
  circle: () =>
    cpuprofileFile(
      Array.from({ length: 50_000 }, (_, id) => cpuNode(id, { children: [(id + 1) % 50_000] })),
      [1],
    ),
  'many-lines': () => {
    const positionTicks = Array.from({ length: 50_000 }, (_, line) => ({ line, ticks: 2 ** 53 - 1 }));
    return cpuprofileFile([cpuNode(1, { positionTicks })], Array<number>(50_000).fill(1));
  },
  'many-profiles': () => {
    const events = Array.from({ length: 10_000 }, (_, id) => ({
      name: 'Profile',
      ph: 'P',
      id,
      pid: id,
      tid: 1,
      args: { data: {} },
    }));
    return Buffer.from(JSON.stringify(events));
  },
  'many-samples': () =>
    cpuprofileFile(
      [cpuNode(1), cpuNode(2)],
      Array.from({ length: 500_000 }, (_, index) => 1 + (index % 2)),
    ),
  blanks: text(`{"nodes":[],"timeDeltas"${' '.repeat(5e6)}:0}`),
};

/** By format, the files by name. */
export const hostileFiles: Readonly<Record<string, Readonly<Record<string, MakeFile>>>> = {
  timesink: timesinkFiles,
  pyisession: pyisessionFiles,
  speedscope: speedscopeFiles,
  cpuprofile: cpuprofileFiles,
};
