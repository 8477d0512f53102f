/** Which recordings are files of other formats checked with? */
import { readFileSync } from 'node:fs';
import { parsePyisession } from '../../src/session/pyisession.ts';
import type { Session } from '../../src/session/session.ts';
import { seconds } from '../../src/session/units.ts';
import { sessionFromText } from './session-from-text.ts';
import { recordedSession } from './sessions.ts';

const golden = (name: string): Session => {
  const file = new URL(`../golden/${name}.pyisession`, import.meta.url);
  return parsePyisession(readFileSync(file, 'utf8'), name);
};

/** By what is special about them. */
export const formatSessions: Readonly<Record<string, Session>> = {
  'two threads with every kind of row': recordedSession(),
  'several processes': sessionFromText({
    threads: [
      { samples: '0.5      0.25    0.125w\nmain:3   main:4  main:5\nBox.f:9  Box.f:9 sleep()' },
      { name: 'worker', samples: '0.001  2w\nrun:1  run:1\nlen()  [await]' },
      { samples: '0.0625\nchild@/srv/ä%#?.py:2', process: 1 },
    ],
    processes: [{}, { command: ['python3', 'child.py'] }],
  }),
  'what pyinstrument recorded of an asynchronous program': golden('async'),
  'what pyinstrument recorded of several threads': golden('threads'),
  'one function at many depths': golden('deep'),
};

/** The names of all functions are data, also these. */
export function withOddNames(session: Session): Session {
  const names = ['__proto__', 'constructor', '"\\\n\u2028', '\u{1f600}</script>', 'a;b c 1', ''];
  return {
    ...session,
    frames: session.frames.map((frame, index) => ({ ...frame, functionName: names[index % names.length] ?? '' })),
  };
}

/** Times that a file may hold, and that no clock ever showed. */
export function absurdTimes(session: Session): Session {
  const duration = seconds(1e300);
  return {
    ...session,
    meta: { ...session.meta, duration },
    processes: session.processes.map((process) => ({ ...process, start: duration, duration })),
    threads: session.threads.map((thread) => ({
      ...thread,
      start: duration,
      weight: thread.weight.map(() => duration),
    })),
  };
}
