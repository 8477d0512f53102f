/** Do pyinstrument and timesink say the same about any session, in every setting, and read what the other wrote? */
import fc from 'fast-check';
import { describe, expect } from 'vitest';
import { findRenderer } from '../src/render/registry.ts';
import type { RenderOptions } from '../src/render/renderer.ts';
import { escapeControls } from '../src/render/terminal-text.ts';
import { SessionBuilder } from '../src/session/builder.ts';
import type { StackIndex } from '../src/session/ids.ts';
import { formatPyisession, parsePyisession } from '../src/session/pyisession.ts';
import type { Session } from '../src/session/session.ts';
import { arbitrarySession, mainThreadOf } from './support/arbitrary-session.ts';
import { type Answer, type Ask, type Wish, type WishedReport, withPyinstrument } from './support/pyinstrument.ts';
import { type PyinstrumentFile, pyinstrumentFile } from './support/pyinstrument-file.ts';
import { testWithPyinstrument } from './support/pythons.ts';
import { frameInfo } from './support/sessions.ts';

const unicode = { unicode: true };
const threshold = (filter_threshold: number): RenderOptions => ({ processor_options: { filter_threshold } });

/** Not here: `timeline` with a threshold above 0, `flat_time=total`; what differs there has tests of its own. */
const textSettings: readonly RenderOptions[] = [
  unicode,
  {},
  { color: true },
  { ...unicode, color: true, show_all: true },
  { ...unicode, time: 'percent_of_total' },
  { ...unicode, show_all: true },
  { ...unicode, show_all: true, timeline: true },
  { ...unicode, timeline: true, ...threshold(0) },
  { color: true, timeline: true, ...threshold(0) },
  { ...unicode, ...threshold(0) },
  { ...unicode, ...threshold(0.2) },
  { ...unicode, ...threshold(2) },
  { ...unicode, short_mode: true },
  { ...unicode, short_mode: true, color: true, timeline: true, ...threshold(0) },
  { ...unicode, processor_options: { hide_regex: '/srv/app/.*$' } },
  { ...unicode, processor_options: { show_regex: '.*/(asyncio|models)' } },
  { ...unicode, processor_options: { hide_regex: '.*', show_regex: '/usr/', filter_threshold: 0 } },
  { ...unicode, flat: true },
  { flat: true, color: true, time: 'percent_of_total' },
  { flat: true, show_all: true },
];

const jsonSettings: readonly RenderOptions[] = [
  {},
  { show_all: true },
  { show_all: true, timeline: true },
  { timeline: true, ...threshold(0) },
  { processor_options: { hide_regex: '/srv/app/store', filter_threshold: 0.1 } },
];

const settings: readonly Wish[] = [
  ...textSettings.map((options): Wish => ({ format: 'text', options })),
  ...jsonSettings.map((options): Wish => ({ format: 'json', options })),
];

const wishes = fc.array(fc.constantFrom(...settings), { minLength: 4, maxLength: 4 });

/** Fixed, so that a run that fails fails again. */
const runs = { seed: 513, numRuns: 1500 };

function render(session: Session, { format, options }: Wish): string {
  // Their reports show every level of a recursion.
  const all = format === 'text' ? { recursion: 'full', ...options } : options;
  const report = findRenderer(format).render(session, all);
  if (typeof report !== 'string') throw new Error(`${format} is not text`);
  return report;
}

/** Fails unless our report is theirs, but for what docs/differences.md lists. */
function expectSame(session: Session, wish: Wish, theirs: WishedReport): void {
  const { format, options } = wish;
  const ours = render(session, wish);
  if ('error' in theirs) {
    // In a list of functions they divide by the total time, which may be nothing.
    expect(theirs.error).toBe('ZeroDivisionError');
    expect(options).toMatchObject({ flat: true });
    return;
  }
  if (format === 'json') {
    expect(withoutOurMembers(ours)).toBe(withEscapes(withNumberedGroups(theirs.text)));
    return;
  }
  const expected = withControlsEscaped(theirs.text);
  if (options['short_mode'] === true) {
    expect(ours).toBe(expected.replace('pyinstrument', 'timesink'));
    return;
  }
  const lines = expected.split('\n').slice(5);
  const tree = (options['flat'] === true ? lines.filter((line) => !timeRow.test(line)) : lines).join('\n');
  const body = ours.split('\n').slice(3).join('\n');
  expect(body.slice(0, tree.length)).toBe(tree);
  expect(['', 'Hottest lines']).toContain(body.slice(tree.length).split('\n', 1)[0]);
}

/** In the list of functions, time that these rows show is in the rows of functions already: we leave them out. */
const timeRow = /^\S+ \[(self|await|out-of-context)\]/;

// biome-ignore lint/suspicious/noControlCharactersInRegex: what colours look like on a terminal.
const colour = /(\x1b\[(?:0|2|31|32|33|92|48;5;24|38;5;15)m)/;

/** Control characters of names are shown written out, colours stay. */
function withControlsEscaped(report: string): string {
  const lines = report.split('\n').map((line) => {
    const parts = line.split(colour);
    return parts.map((part) => (colour.test(part) ? part : escapeControls(part))).join('');
  });
  return lines.join('\n');
}

/** The same JSON, in which what could command a terminal is an escape sequence. */
function withEscapes(json: string): string {
  return json.replaceAll(
    /[\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/** Recordings of our own end with what pyinstrument does not say. */
function withoutOurMembers(json: string): string {
  return json.replace(/,"version": 1,"exporter": .*(?=\}\n$)/, '');
}

/** Theirs are random. */
function withNumberedGroups(json: string): string {
  const numbers = new Map<string, number>();
  return json.replaceAll(/"group_id": "([0-9a-f-]{36})"/g, (_, id: string) => {
    const number = numbers.get(id) ?? numbers.size + 1;
    numbers.set(id, number);
    return `"group_id": "GROUP${number}"`;
  });
}

function expectAllSame(session: Session, chosen: readonly Wish[], { reports }: Answer): void {
  chosen.forEach((wish, index) => {
    expectSame(session, wish, reports[index] as WishedReport);
  });
}

/** The samples of a session as those of a program of ours, below the frame of its main module. */
function asProgram(session: Session): Session {
  const { frames, stacks } = session;
  const thread = mainThreadOf(session);
  const builder = new SessionBuilder();
  for (const process of session.processes) builder.addProcess(process);
  const samples = builder.addThread(thread);
  const module = builder.stack([[builder.frame(frameInfo('<module>')), 1]]);
  const below = (stack: number): StackIndex => {
    const frame = frames[stacks.frame[stack] ?? -1];
    if (frame === undefined) return module;
    const caller = below(stacks.parent[stack] as number);
    // For pyinstrument time that nobody looked at is time like any other.
    if (frame.kind === 'not-sampled') return caller;
    return builder.child(caller, builder.location(builder.frame(frame), stacks.line[stack] as number));
  };
  thread.stack.forEach((stack, row) => {
    samples.add(below(stack), thread.weight[row] as number, thread.state[row] as number);
  });
  const sampleCount = thread.stack.length;
  return builder.finish({ ...session.meta, engine: 'outside', startCallStack: [], sampleCount });
}

describe('any session of pyinstrument', () => {
  testWithPyinstrument('is read, written and shown as pyinstrument does', async (python) => {
    await withPyinstrument(python, (ask) =>
      fc.assert(
        fc.asyncProperty(pyinstrumentFile({ launcher: false }), wishes, (file, chosen) =>
          expectSameFromFile(ask, file, chosen),
        ),
        runs,
      ),
    );
  });

  testWithPyinstrument('of its own command line begins at the same frame', async (python) => {
    // In the order of time they go on with the first frame, however short: we with the longest.
    const ordered = wishes.map((chosen) => chosen.filter(({ options }) => options['timeline'] !== true));
    await withPyinstrument(python, (ask) =>
      fc.assert(
        fc.asyncProperty(pyinstrumentFile({ launcher: true }), ordered, (file, chosen) =>
          expectSameFromFile(ask, file, chosen),
        ),
        { ...runs, numRuns: 200 },
      ),
    );
  });
});

async function expectSameFromFile(ask: Ask, file: PyinstrumentFile, chosen: readonly Wish[]): Promise<void> {
  const session = parsePyisession(JSON.stringify(file), 'x');
  const written = formatPyisession(session);
  expect(JSON.parse(written)).toEqual(file);
  const answer = await ask(written, chosen);
  expect(answer.saved).toBe(written);
  expectAllSame(session, chosen, answer);
}

testWithPyinstrument('a program of ours looks the same in pyinstrument', async (python) => {
  await withPyinstrument(python, (ask) =>
    fc.assert(
      fc.asyncProperty(arbitrarySession.map(asProgram), wishes, async (session, chosen) => {
        const written = formatPyisession(session);
        const answer = await ask(written, chosen);
        expect(answer.saved).toBe(written);
        expectAllSame(session, chosen, answer);
      }),
      { ...runs, numRuns: 300 },
    ),
  );
});

describe('where pyinstrument is wrong', () => {
  const withoutStart =
    '{"start_time":1,"duration":1,"sample_count":1,"start_call_stack":[],"target_description":"",' +
    '"cpu_time":0,"frame_records":[[["f\\u0000/a.py\\u00001"],1]]}';
  const nested = (outer: number, inner: number): string =>
    JSON.stringify({
      ...(JSON.parse(withoutStart) as object),
      start_call_stack: ['f\0/a.py\x001'],
      frame_records: [
        [['f\0/a.py\x001'], outer],
        [['f\0/a.py\x001', 'g\0/a.py\x005', 'f\0/a.py\x001'], inner],
      ],
    });

  async function compare(python: string, session: string, wish: Wish): Promise<{ ours: string; theirs: WishedReport }> {
    let theirs: WishedReport = { error: '' };
    await withPyinstrument(python, async (ask) => {
      theirs = (await ask(session, [wish])).reports[0] as WishedReport;
    });
    return { ours: render(parsePyisession(session, 'x'), wish), theirs };
  }

  testWithPyinstrument('a session that does not say where it was started', async (python) => {
    const { ours, theirs } = await compare(python, withoutStart, { format: 'json', options: {} });
    expect(theirs).toEqual({ error: 'IndexError' });
    expect(JSON.parse(ours)).toMatchObject({ root_frame: { function: 'f', time: 1 } });
  });

  testWithPyinstrument('the total of a recursive function', async (python) => {
    const wish: Wish = { format: 'text', options: { flat: true, flat_time: 'total' } };
    const { ours, theirs } = await compare(python, nested(0.25, 0.75), wish);
    expect(theirs).toMatchObject({ text: expect.stringMatching(/^0\.750 f {2}/m) });
    expect(ours).toMatch(/^1\.000 f {2}/m);
  });

  testWithPyinstrument('a list of functions without any time', async (python) => {
    const { ours, theirs } = await compare(python, nested(0, 0), { format: 'text', options: { flat: true } });
    expect(theirs).toEqual({ error: 'ZeroDivisionError' });
    expect(ours).toMatch(/^0\.000 f {2}/m);
  });
});
