/** Does the Firefox Profiler read from our profiles what was recorded? */
import { expect } from 'vitest';
import { firefoxRenderer } from '../../src/render/firefox.ts';
import type { Session } from '../../src/session/session.ts';
import { testWithFirefoxProfiler } from '../support/firefox-profiler.ts';
import { formatSessions, withOddNames } from '../support/format-sessions.ts';
import { deepSession, sessionFromText } from '../support/session-from-text.ts';
import { rounded, stackSeconds } from '../support/stack-seconds.ts';

const written = (session: Session): string => firefoxRenderer.render(session) as string;

/** All threads in the order of their names. */
function recorded(session: Session): readonly object[] {
  const threads = session.threads.map((thread) => ({
    name: thread.name,
    seconds: rounded(stackSeconds(session, [thread], () => '[no frame]')),
  }));
  return threads.sort((a, b) => (a.name < b.name ? -1 : 1));
}

const { 'one function at many depths': deep, ...sessions } = formatSessions;

function timeOf({ threads }: Session): number {
  return threads.flatMap(({ weight }) => [...weight]).reduce((sum, seconds) => sum + seconds, 0);
}

for (const [name, session] of Object.entries(sessions)) {
  testWithFirefoxProfiler(`shows ${name}`, async (open) => {
    const profile = await open(written(session));
    const shown = profile.threads.map((thread) => ({ name: thread.name, seconds: rounded(thread.seconds) }));
    expect(shown.sort((a, b) => (a.name < b.name ? -1 : 1))).toEqual(recorded(session));
    expect(profile.name).toBe(session.meta.description);
  });
}

testWithFirefoxProfiler('shows lines, CPU time and processes', async (open) => {
  const session = sessionFromText({
    threads: [
      { samples: '0.5      0.25     0.125w\nmain:3   main:4   main:5\nBox.f:9  Box.f:8  Box.f:9' },
      { samples: '2\nchild', process: 1 },
    ],
    processes: [{}, {}],
  });
  const { threads } = await open(written(session));
  expect(threads.map(({ pid, cpu, weightType }) => [pid, cpu, weightType]).sort()).toEqual([
    ['4000', 750, 'tracing-ms'],
    ['4001', 2000, 'tracing-ms'],
  ]);
  const main = threads.find(({ pid }) => pid === '4000');
  expect(await main?.linesOf('Box.f')).toEqual({ '/app/main.py:8': 250, '/app/main.py:9': 625 });
});

testWithFirefoxProfiler('shows any name', async (open) => {
  const session = withOddNames(formatSessions['what pyinstrument recorded of several threads'] as Session);
  const { threads } = await open(written(session));
  expect(rounded(threads[0]?.seconds ?? new Map())).toEqual(
    rounded(stackSeconds(session, session.threads, () => '[no frame]')),
  );
});

testWithFirefoxProfiler('opens many levels', async (open) => {
  for (const session of [deep as Session, deepSession(10_000)]) {
    const { threads } = await open(written(session));
    expect(threads.map(({ total }) => total)).toEqual([expect.closeTo(timeOf(session), 6)]);
  }
});

testWithFirefoxProfiler('opens what has no threads', async (open) => {
  const { threads } = await open(written(sessionFromText({ threads: [], processes: [] })));
  expect(threads.map(({ name, seconds }) => [name, seconds.size])).toEqual([['MainThread', 0]]);
});
