/** What did the threads of recorded Node.js processes leave? Files of a stranger: whatever does not fit is passed over. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Place } from '../../session/check.ts';
import { readProfile, type V8Profile } from '../../session/cpuprofile-profile.ts';
import type { AwaitFrame, AwaitRecords, AwaitStack, Segment, ThreadFacts } from './left-files.ts';
import { factsEnding, segmentEnding } from './left-files.ts';

/** A piece of a recording, checked. */
export interface ReadSegment extends Omit<Segment, 'profile'> {
  readonly profile: V8Profile;
}

/** All that a thread left. */
export interface LeftThread {
  readonly facts: ThreadFacts;
  /** In order of time. */
  readonly segments: readonly ReadSegment[];
}

/** What a folder holds. */
export interface LeftThreads {
  readonly threads: readonly LeftThread[];
  /** Files that could not be read. */
  readonly unreadable: number;
}

/** Larger files are not a program's doing. */
const longestFile = 400_000_000;

/** Reads what threads left in a folder. */
export function readLeftThreads(folder: string): LeftThreads {
  let unreadable = 0;
  const tryRead = <T>(name: string, read: (place: Place) => T): T[] => {
    try {
      const text = readFileSync(join(folder, name), 'utf8');
      if (text.length > longestFile) throw new Error(`${name} is too large`);
      return [read(new Place(name, '', JSON.parse(text)))];
    } catch {
      unreadable++;
      return [];
    }
  };
  const segmentNames = segmentsByThread(readdirSync(folder));
  const threads = [...segmentNames].flatMap(([thread, names]) =>
    tryRead(thread + factsEnding, readFacts).map((facts) => ({
      facts,
      segments: names.flatMap((name) => tryRead(name, readSegment)),
    })),
  );
  return { threads: threads.sort((a, b) => a.facts.begin - b.facts.begin), unreadable };
}

/** Names of the files with each thread's pieces, in order. */
function segmentsByThread(files: readonly string[]): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, { readonly number: number; readonly file: string }[]>();
  for (const file of files) {
    if (file.endsWith(factsEnding)) found.set(file.slice(0, -factsEnding.length), []);
  }
  for (const file of files) {
    const match = /^(.*)-(\d+)$/.exec(file.endsWith(segmentEnding) ? file.slice(0, -segmentEnding.length) : '');
    found.get(match?.[1] ?? '')?.push({ number: Number(match?.[2]), file });
  }
  return new Map(
    Array.from(found, ([thread, entries]) => {
      return [thread, entries.sort((a, b) => a.number - b.number).map(({ file }) => file)];
    }),
  );
}

function readFacts(place: Place): ThreadFacts {
  const clock = place.at('clock');
  return {
    pid: place.at('pid').count(),
    parentPid: place.at('parentPid').count(),
    tid: place.at('tid').count(),
    threadId: place.at('threadId').count(),
    name: place.at('name').string(),
    argv: place.at('argv').strings(),
    execArgv: place.at('execArgv').strings(),
    version: place.at('version').string(),
    cwd: place.at('cwd').string(),
    main: place.at('main').string(),
    clock: { monotonic: clock.at('monotonic').time(), unix: clock.at('unix').time() },
    begin: place.at('begin').time(),
    cpu: place.at('cpu').time(),
    preload: place.at('preload').string(),
    wasRunning: false,
  };
}

function readSegment(place: Place): ReadSegment {
  const awaits = place.at('awaits');
  const maps = place.at('maps');
  return {
    profile: readProfile(place.at('profile'), 'foreign'),
    awaits: awaits.value === null ? null : readAwaits(awaits),
    until: place.at('until').time(),
    cpu: place.at('cpu').time(),
    isLast: place.at('isLast').boolean(),
    notes: place.at('notes').strings(),
    maps: typeof maps.value === 'object' && maps.value !== null ? (maps.value as Record<string, unknown>) : {},
  };
}

function readAwaits(place: Place): AwaitRecords {
  const stacks = place
    .at('stacks')
    .entries()
    .map((stack): AwaitStack => stack.entries().map(readFrame));
  const ends = place
    .at('ends')
    .entries()
    .map((end): readonly [number, number] => {
      const stack = end.entry(1).count();
      if (stack >= stacks.length) throw end.invalid(`there is no stack ${stack}`);
      return [end.entry(0).time(), stack];
    });
  return { stacks, ends };
}

function readFrame(frame: Place): AwaitFrame {
  const number = (index: number): number => frame.entry(index).count();
  return [frame.entry(0).string(), frame.entry(1).string(), number(2), number(3), number(4), number(5), number(6)];
}
