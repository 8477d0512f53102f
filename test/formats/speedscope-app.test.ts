/** Does speedscope, in a browser, read from our files what was recorded? */
import { beforeAll, expect, test } from 'vitest';
import { collapsedRenderer } from '../../src/render/collapsed.ts';
import { cpuprofileRenderer } from '../../src/render/cpuprofile.ts';
import { pprofRenderer } from '../../src/render/pprof.ts';
import { speedscopeRenderer } from '../../src/render/speedscope.ts';
import type { Session, ThreadSamples } from '../../src/session/session.ts';
import { mainThread } from '../../src/tree/shown-threads.ts';
import { describeInChromium } from '../support/chromium.ts';
import { formatSessions, withOddNames } from '../support/format-sessions.ts';
import { SpeedscopeApp } from '../support/speedscope-app.ts';
import { nameOf, rounded, type StackSeconds, StackSums, stackSeconds } from '../support/stack-seconds.ts';

/** Files of pyinstrument begin below the frames that started it. */
const ownSessions = Object.fromEntries(Object.entries(formatSessions).filter(([, { meta }]) => meta.engine !== 'file'));

describeInChromium('speedscope', (browser) => {
  let app: SpeedscopeApp;
  beforeAll(async () => {
    app = await SpeedscopeApp.start(browser());
  });

  for (const [name, session] of Object.entries(formatSessions)) {
    test(`shows ${name} from a .cpuprofile`, async () => {
      const [shown, ...others] = await app.open('a.cpuprofile', cpuprofileRenderer.render(session));
      expect(others).toHaveLength(0);
      // Time outside any frame is not shown, or, in V8's word, below the stack before it.
      const expected = stackSeconds(session, [mainThread(session) as ThreadSamples], () => null);
      expect(withoutProgram(rounded(shown?.seconds ?? new Map()))).toEqual(rounded(expected));
    });

    test(`shows ${name} from a .pb.gz`, async () => {
      const [shown, ...others] = await app.open('a.pb.gz', pprofRenderer.render(session));
      expect(others).toHaveLength(0);
      const expected = stackSeconds(session, session.threads, () => '[no frame]');
      expect(rounded(shown?.seconds ?? new Map())).toEqual(rounded(expected));
    });
  }

  for (const [name, session] of Object.entries(ownSessions)) {
    test(`shows ${name} from a .speedscope.json`, async () => {
      const shown = await app.open('a.speedscope.json', speedscopeRenderer.render(session, { show_all: true }));
      const expected = session.threads.map((thread) => rounded(stackSeconds(session, [thread], () => null)));
      expect(shown.map(({ seconds }) => rounded(without(seconds, / > \[self\]$/)))).toEqual(expected);
    });

    test(`shows ${name} from a .collapsed`, async () => {
      const [shown] = await app.open('a.collapsed', collapsedRenderer.render(session));
      const expected = stackSeconds(session, [mainThread(session) as ThreadSamples], () => null);
      const microseconds = without(shown?.seconds ?? new Map(), / \([^)]*\)(?= > |$)/g);
      expect(rounded(microseconds)).toEqual(rounded(expected));
    });
  }

  test('shows files and lines', async () => {
    const session = formatSessions['several processes'] as Session;
    const [shown] = await app.open('a.cpuprofile', cpuprofileRenderer.render(session));
    expect(shown?.frames).toContainEqual({ name: 'Box.f', file: 'file:///app/main.py', line: 1, col: 1 });
    const [other] = await app.open('a.pb.gz', pprofRenderer.render(session));
    expect(other?.frames).toContainEqual({ name: 'child', file: '/srv/ä%#?.py', line: 2 });
  });

  test('shows any name', async () => {
    const session = withOddNames(formatSessions['what pyinstrument recorded of several threads'] as Session);
    const [shown] = await app.open('a.pb.gz', pprofRenderer.render(session));
    const names = session.frames.map((frame) => nameOf(frame) || '(unknown)');
    expect(new Set(shown?.frames.map((frame) => frame.name))).toEqual(new Set(names));
  });
});

/** With a part of every stack taken away. */
function without(seconds: StackSeconds, part: RegExp): StackSeconds {
  const sums = new StackSums();
  for (const [stack, time] of seconds) sums.add([stack.replace(part, '')], time);
  return sums.seconds;
}

function withoutProgram(times: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(times).filter(([stack]) => !stack.endsWith('(program)')));
}
