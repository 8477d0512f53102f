/** Do our speedscope files say what pyinstrument's say, but for what docs/differences.md lists? */
import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { speedscopeRenderer } from '../src/render/speedscope.ts';
import { parsePyisession } from '../src/session/pyisession.ts';
import type { FrameInfo, Session } from '../src/session/session.ts';

const folder = new URL('./golden/', import.meta.url);
const names = readdirSync(folder).filter((name) => /\.speedscope(-showall)?\.json$/.test(name));
const read = (file: string): string => readFileSync(new URL(file, folder), 'utf8');

interface Event {
  readonly type: string;
  readonly at: number;
  readonly frame: number;
}

interface Profile {
  readonly events: readonly Event[];
}

interface Document {
  readonly activeProfileIndex: number | null;
  readonly exporter: string;
  readonly profiles: readonly Profile[];
  readonly shared: { readonly frames: readonly SharedFrame[] };
}

interface SharedFrame {
  readonly name: string;
  readonly file?: string | null;
  readonly line?: number | null;
}

/** Only the longest child below pyinstrument's own frames is shown; pyinstrument shows the first, and its first 10 ms alone. */
const otherRoots: ReadonlySet<string> = new Set([
  'clistem_firstchild.speedscope.json',
  'clistem_firstchild.speedscope-showall.json',
]);

/** A last await of 1 ms follows others of the same function: together they are not short. Nothing else is left out here. */
const sameAs: Readonly<Record<string, string>> = {
  'async.speedscope.json': 'async.speedscope-showall.json',
};

/** A call and time of its own that are left out come before `late`, which pyinstrument then draws too early. */
const moved: Readonly<Record<string, { readonly events: number; readonly by: number }>> = {
  'basic.speedscope.json': { events: 4, by: 0.0025 },
};

function render(name: string): { readonly ours: Document; readonly theirs: Document; readonly session: Session } {
  const session = parsePyisession(read(name.replace(/\..*/, '.pyisession')), name);
  const showAll = name.includes('showall');
  const options = showAll ? { show_all: true, processor_options: { show_regex: '.*' } } : {};
  const ours = JSON.parse(speedscopeRenderer.render(session, options) as string) as Document;
  return { ours, theirs: JSON.parse(read(sameAs[name] ?? name)) as Document, session };
}

/** What we call a frame that pyinstrument gives the bare name of its function. */
function ourNames(session: Session, { name, file = null, line = 0 }: SharedFrame): readonly string[] {
  const isIt = (frame: FrameInfo): boolean =>
    frame.functionName === name && frame.file === file && frame.firstLine === line;
  const classes = new Set(session.frames.filter(isIt).flatMap(({ className }) => className ?? []));
  return classes.size === 0 ? [name] : [...classes].map((className) => `${className}.${name}`);
}

test('there are goldens to compare with', () => {
  expect(names.length).toBe(30);
});

test.each(names.filter((name) => !otherRoots.has(name)))('%s', (name) => {
  const { ours, theirs, session } = render(name);
  expect(ours.shared.frames).toEqual(
    theirs.shared.frames.map((frame) => ({
      name: expect.toBeOneOf([...ourNames(session, frame)]),
      ...(typeof frame.file === 'string' ? { file: frame.file, line: frame.line } : {}),
    })),
  );
  const late = moved[name];
  const [profile] = theirs.profiles;
  const events = (profile?.events ?? []).map((event, index, { length }) =>
    late !== undefined && index >= length - late.events - 2 && index < length - 2
      ? { ...event, at: expect.closeTo(event.at + late.by, 12) }
      : { ...event, at: late === undefined || index < length - 2 ? event.at : expect.closeTo(event.at, 12) },
  );
  const { shared: _, ...rest } = theirs;
  const exporter = expect.stringMatching(/^timesink@\d/);
  expect(ours).toEqual({
    ...rest,
    activeProfileIndex: 0,
    exporter,
    profiles: [{ ...profile, events }],
    shared: expect.anything(),
  });
});

test('below the frames of pyinstrument, the longest child is shown', () => {
  const { ours } = render('clistem_firstchild.speedscope.json');
  const [profile] = ours.profiles;
  expect(profile?.events.map(({ type, at, frame }) => [type, at, ours.shared.frames[frame]?.name])).toEqual([
    ['O', 0, '<module>'],
    ['O', 0, 'sleep'],
    ['C', 0.9, 'sleep'],
    ['C', 0.9, '<module>'],
  ]);
});
