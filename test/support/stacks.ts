/** How can a test make a recording from lists of function names? */
import fc from 'fast-check';
import { SessionBuilder } from '../../src/session/builder.ts';
import { type Session, threadState } from '../../src/session/session.ts';
import { mainThreadOf } from './arbitrary-session.ts';
import { sessionFromText } from './session-from-text.ts';

/** Functions from the outermost to the innermost, and seconds. */
export type NamedStack = readonly [names: readonly string[], seconds: number];

/** One thread with these samples; every function is in `/app/main.py` from line 1 on, and at line 1. */
export function sessionOfStacks(samples: readonly NamedStack[]): Session {
  const template = sessionFromText('1\nmain:1');
  const [frame] = template.frames;
  if (frame === undefined) throw new Error('no frame');
  const builder = new SessionBuilder();
  for (const process of template.processes) builder.addProcess(process);
  const thread = builder.addThread(mainThreadOf(template));
  for (const [names, seconds] of samples) {
    const stack = names.map((functionName) => [builder.frame({ ...frame, functionName }), 1] as const);
    thread.addRow(builder.stack(stack), seconds, threadState.onCpu);
  }
  return builder.finish(template.meta);
}

/** Recordings in which functions often call themselves, also deeply. */
export const recursiveSession: fc.Arbitrary<Session> = fc
  .array(
    fc.tuple(
      fc.array(fc.tuple(fc.constantFrom('f', 'f', 'g', 'h'), fc.integer({ min: 1, max: 7 })), { maxLength: 4 }),
      fc.constantFrom(0, 0.1, 0.2, 0.3, 1, 2),
    ),
    { minLength: 1, maxLength: 12 },
  )
  .map((samples) =>
    sessionOfStacks(
      samples.map(([runs, seconds]) => [
        ['main', ...runs.flatMap(([name, times]) => Array<string>(times).fill(name))],
        seconds,
      ]),
    ),
  );
