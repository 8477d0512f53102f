/** What does whoever works on the page look at? A made-up report: threads, libraries, recursion, awaits, idle time, sources. */
import { SessionBuilder, type ThreadBuilder } from '../../src/session/builder.ts';
import type { Pid, StackIndex, Tid } from '../../src/session/ids.ts';
import { type FrameInfo, type Session, threadState } from '../../src/session/session.ts';
import { seconds, type UnixSeconds } from '../../src/session/units.ts';
import { sampleFiles, sampleStacks } from './sample-program.ts';

const duration = 12.31;
const interval = 0.001;

/** The same on every call. */
export function sampleSession(): Session {
  const builder = new SessionBuilder();
  const process = builder.addProcess({
    pid: 4242 as Pid,
    parentPid: 4241 as Pid,
    command: ['python3', 'report.py', '--month', '11'],
    runtime: 'python',
    runtimeVersion: '3.13.0',
    start: seconds(0),
    duration: seconds(duration),
    cpuTime: seconds(11.92),
    sysPath: ['/srv/shop', '/usr/lib/python3.13', '/usr/lib/python3.13/site-packages'],
    sysPrefixes: ['/usr', '/usr', '/usr', '/usr'],
  });
  const identity = { process, ident: 0, start: seconds(0) };
  const main = builder.addThread({ ...identity, tid: 4242 as Tid, name: 'MainThread', isMain: true });
  const loader = builder.addThread({ ...identity, tid: 4243 as Tid, name: 'loader', isMain: false });
  const idle = builder.addThread({ ...identity, tid: 4244 as Tid, name: 'Thread-2 (heartbeat)', isMain: false });
  run(builder, main, 'main');
  run(builder, loader, 'loader');
  run(builder, idle, 'heartbeat');
  return builder.finish({
    description: 'Program: report.py --month 11',
    startTime: 1_763_900_000 as UnixSeconds,
    duration: seconds(duration),
    cpuTime: seconds(11.92),
    minInterval: seconds(interval),
    maxInterval: seconds(interval),
    sampleCount: 12_288,
    engine: 'outside',
    startCallStack: [],
    quality: {
      ticks: 12_288,
      missedTicks: 22,
      samples: 24_000,
      incompleteSamples: 3,
      retries: 40,
      notSampled: seconds(0),
      unseenProcesses: 0,
    },
    notes: [],
  });
}

/** Text of one of the made-up program's files. */
export function sampleSource(file: string): string | undefined {
  return sampleFiles.get(file);
}

/** Goes through a thread's stacks in turns, as programs do, until the time is over. */
function run(builder: SessionBuilder, thread: ThreadBuilder, name: keyof typeof sampleStacks): void {
  const stacks = sampleStacks[name].map(({ share, cells, waits }) => ({
    stack: stackOf(builder, cells),
    left: share * duration,
    turn: (share * duration) / 12,
    state: waits ? 0 : threadState.onCpu | threadState.holdsGil,
  }));
  for (let turn = 0; turn < 12; turn++) {
    for (const entry of stacks) {
      for (let spent = 0; spent < entry.turn && entry.left > 0; spent += interval) {
        const weight = Math.min(interval, entry.left);
        thread.add(entry.stack, weight, entry.state);
        entry.left -= weight;
      }
    }
  }
}

/** `Class.function path:first@line`, outermost first; `name()` is built in; a name in brackets stands for time. */
function stackOf(builder: SessionBuilder, cells: readonly string[]): StackIndex {
  return builder.stack(
    cells.map((cell) => {
      const { frame, line } = readCell(cell);
      return [builder.frame(frame), line] as const;
    }),
  );
}

function readCell(cell: string): { readonly frame: FrameInfo; readonly line: number } {
  const bare = { className: null, hidden: false, firstLine: 0 };
  if (cell === '[await]') return { frame: { ...bare, kind: 'await', functionName: cell, file: null }, line: -1 };
  if (cell.endsWith('()')) {
    return { frame: { ...bare, kind: 'builtin', functionName: cell.slice(0, -2), file: '<built-in>' }, line: -1 };
  }
  const [, name = '', file = '', first, line] = /^(\S+) (.+):(\d+)@(\d+)$/.exec(cell) ?? [];
  const dot = name.startsWith('<') ? -1 : name.indexOf('.');
  const className = dot < 0 ? null : name.slice(0, dot);
  const frame = {
    kind: 'python',
    functionName: name.slice(dot + 1),
    file,
    firstLine: Number(first),
    className,
  } as const;
  return { frame: { ...frame, hidden: false }, line: Number(line) };
}
