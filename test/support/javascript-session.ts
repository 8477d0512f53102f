/** What does the recording of a small Node.js server look like? Every kind of frame that V8 knows, in one thread. */
import { SessionBuilder } from '../../src/session/builder.ts';
import { flawlessQuality } from '../../src/session/flawless-quality.ts';
import type { Pid, StackIndex, Tid } from '../../src/session/ids.ts';
import { type FrameInfo, type Session, threadState } from '../../src/session/session.ts';
import { seconds, type UnixSeconds } from '../../src/session/units.ts';

type Written = Partial<FrameInfo> & Pick<FrameInfo, 'functionName'>;

const frame = (written: Written): FrameInfo => ({
  ...{ kind: 'javascript', file: '/srv/shop/server.ts', firstLine: 1, className: null, hidden: false },
  ...written,
});

const nameless = { file: null, firstLine: 0 } as const;
const module = frame({ functionName: '<module>' });
const handle = frame({ functionName: 'handle', className: 'Server', firstLine: 12 });
const price = frame({ functionName: 'price', file: '/srv/shop/src/pricing.ts', firstLine: 3 });
const parse = frame({ functionName: 'parse', file: '/srv/shop/node_modules/qs/lib/parse.js', firstLine: 40 });
const decode = frame({ functionName: 'decode', file: '/srv/shop/node_modules/qs/lib/utils.js', firstLine: 9 });
const emit = frame({ functionName: 'emit', file: 'node:events', firstLine: 466 });
const write = frame({ functionName: 'writev', kind: 'native', file: null, firstLine: 0 });
const program = frame({ functionName: '(program)', kind: 'native', ...nameless });
const collector = frame({ functionName: '(garbage collector)', kind: 'gc', ...nameless });
const idle = frame({ functionName: '(idle)', kind: 'idle', ...nameless });
const wait = frame({ functionName: '[await]', kind: 'await', ...nameless });

const busy = threadState.onCpu;

/** Seconds, state, stack from the outside in. */
const samples: readonly (readonly [number, number, readonly (readonly [FrameInfo, number])[]])[] = [
  [1, busy, [[program, -1]]],
  [
    2,
    busy,
    [
      [module, 30],
      [handle, 14],
      [price, 5],
    ],
  ],
  [
    0.5,
    busy,
    [
      [module, 30],
      [handle, 14],
      [price, 5],
      [collector, -1],
    ],
  ],
  [
    1,
    busy,
    [
      [module, 30],
      [handle, 15],
      [parse, 44],
      [decode, 11],
    ],
  ],
  [
    0.5,
    busy,
    [
      [module, 30],
      [emit, 480],
      [handle, 16],
      [write, -1],
    ],
  ],
  [
    2,
    0,
    [
      [module, 30],
      [handle, 18],
      [wait, -1],
    ],
  ],
  [3, 0, [[idle, -1]]],
];

/** Ten seconds. */
export function javascriptSession(): Session {
  const builder = new SessionBuilder();
  const process = builder.addProcess({
    ...{
      pid: 77 as Pid,
      parentPid: 1 as Pid,
      command: ['node', 'server.ts'],
      runtime: 'node',
      runtimeVersion: '24.1.0',
    },
    ...{ start: seconds(0), duration: seconds(10), cpuTime: seconds(5) },
    ...{ sysPath: ['/srv/shop'], sysPrefixes: [] },
  });
  const identity = { process, tid: 77 as Tid, ident: 0, name: 'Main', isMain: true, start: seconds(0) };
  const thread = builder.addThread(identity);
  for (const [time, state, entries] of samples) {
    const stack: StackIndex = builder.stack(entries.map(([entry, line]) => [builder.frame(entry), line]));
    thread.add(stack, time, state);
  }
  return builder.finish({
    ...{ description: 'Program: server.ts', startTime: 1_763_900_000 as UnixSeconds, engine: 'v8' },
    ...{ duration: seconds(10), cpuTime: seconds(5), minInterval: seconds(0.001), maxInterval: seconds(0.001) },
    ...{ sampleCount: 10_000, startCallStack: [], quality: flawlessQuality(10_000), notes: [] },
  });
}
