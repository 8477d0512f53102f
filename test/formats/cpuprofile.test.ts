/** Does Chrome DevTools read from our `.cpuprofile` what was recorded? */
import fc from 'fast-check';
import { expect } from 'vitest';
import { cpuprofileRenderer } from '../../src/render/cpuprofile.ts';
import type { Session, ThreadSamples } from '../../src/session/session.ts';
import { mainThread } from '../../src/tree/shown-threads.ts';
import { arbitrarySession, mainThreadOf } from '../support/arbitrary-session.ts';
import { testWithDevTools } from '../support/devtools.ts';
import { formatSessions, withOddNames } from '../support/format-sessions.ts';
import { deepSession, sessionFromText } from '../support/session-from-text.ts';
import { expectSeconds, rounded, type StackSeconds, stackSeconds } from '../support/stack-seconds.ts';

const written = (session: Session): string => cpuprofileRenderer.render(session) as string;

/** Without the time in which the thread slept outside any frame, which DevTools does not count either. */
function recorded(session: Session, thread: ThreadSamples): StackSeconds {
  const hasStates = session.meta.engine !== 'file';
  return stackSeconds(session, [thread], (state) => (hasStates && state === 0 ? null : '(program)'));
}

for (const [name, session] of Object.entries(formatSessions)) {
  testWithDevTools(`DevTools shows ${name}`, async (read) => {
    const shown = await read(written(session));
    const expected = rounded(recorded(session, mainThread(session) as ThreadSamples));
    expect(Object.keys(expected)).not.toHaveLength(0);
    expect(rounded(shown.treeSeconds)).toEqual(expected);
    expect(rounded(shown.chartSeconds)).toEqual(expected);
  });
}

testWithDevTools('DevTools shows files, first lines and the time of lines', async (read) => {
  const session = sessionFromText(`
    0.25                  0.5                   0.125                0.125
    <module>@/s/ä%#.py:9  <module>@/s/ä%#.py:9  <module>@/s/ä%#.py:7 <module>@/s/ä%#.py:9
    Box.price:3           Box.price:4           len()                Box.price:3`);
  const shown = await read(written(session));
  expect(shown.functions).toEqual([
    '<module> file:///s/%C3%A4%25%23.py:1',
    'len :0',
    'Box.price file:///app/main.py:1',
  ]);
  expect(shown.lineShares).toEqual({ 'file:///app/main.py:3': 0.375, 'file:///app/main.py:4': 0.5 });
  expect(shown.range).toBe(1);
});

testWithDevTools('DevTools opens what has no samples', async (read) => {
  const shown = await read(written(sessionFromText({ threads: [] })));
  expect(shown).toMatchObject({ range: 0, functions: [] });
});

testWithDevTools('DevTools shows any name', async (read) => {
  const session = withOddNames(formatSessions['what pyinstrument recorded of several threads'] as Session);
  const shown = await read(written(session));
  expect(rounded(shown.treeSeconds)).toEqual(rounded(recorded(session, mainThreadOf(session))));
});

testWithDevTools('DevTools shows 10,000 levels', async (read) => {
  const shown = await read(written(deepSession(10_000)));
  expect([...shown.treeSeconds]).toEqual([[new Array(10_000).fill('f').join(' > '), 1]]);
});

testWithDevTools('DevTools shows the time of every stack, whatever was recorded', async (read) => {
  await fc.assert(
    fc.asyncProperty(arbitrarySession, async (session) => {
      const thread = mainThreadOf(session);
      // It divides by the time of the whole.
      fc.pre(thread.weight.some((seconds) => seconds >= 1e-6));
      const expected = recorded(session, thread);
      const shown = await read(written(session));
      // Each row begins and ends at a whole microsecond.
      const within = 1.01e-6 * thread.weight.length;
      expectSeconds(shown.treeSeconds, expected, within);
      // Its chart gives a lone row without a frame to the function before it, and the ends of calls beside very short
      // ones get lost in it.
      const isDrawn = !thread.stack.includes(-1) && thread.weight.every((seconds) => seconds >= 5e-4);
      if (isDrawn) expectSeconds(shown.chartSeconds, expected, within);
    }),
    { numRuns: 30 },
  );
});
