/** How do the files that Node.js processes left become a session? */
import { SessionBuilder } from '../../session/builder.ts';
import { addCpuProfile } from '../../session/cpuprofile-thread.ts';
import { flawlessQuality } from '../../session/flawless-quality.ts';
import type { Pid, ProcessIndex, Tid } from '../../session/ids.ts';
import { JavaScriptFrames } from '../../session/javascript-frames.ts';
import { withProgramPackages } from '../../session/javascript-program.ts';
import type { ProcessInfo, Session } from '../../session/session.ts';
import { seconds, type UnixSeconds } from '../../session/units.ts';
import type { RecorderOptions } from '../recorder.ts';
import { awaitPaths } from './await-paths.ts';
import { originOfFrames } from './frame-origin.ts';
import { joinProfiles } from './joined-profile.ts';
import type { ThreadFacts } from './left-files.ts';
import type { LeftThread } from './left-threads.ts';
import { type ProgramProfile, profileOfProgram } from './program-profile.ts';
import { nodeNotes, type RecordedThread } from './recording-notes.ts';
import { readScripts } from './source-maps.ts';

/** Gap without samples, in µs, that is always tolerated. */
const shortestGap = 20_000;

/** The session of all threads; undefined where none ran a program. */
export function nodeSession(
  left: readonly LeftThread[],
  { interval, description }: RecorderOptions,
  readFile: (path: string) => string | undefined,
): Session | undefined {
  const longestGap = Math.max(10 * interval * 1e6, shortestGap);
  const threads = left.flatMap((thread): RecordedThread[] => {
    const program = programOfThread(thread, longestGap);
    return program === undefined ? [] : [{ thread, ...program }];
  });
  const [first] = threads;
  if (first === undefined) return undefined;
  const builder = new SessionBuilder();
  const start = Math.min(...threads.map(({ profile }) => profile.start));
  const end = Math.max(...threads.map(({ profile }) => endOf(profile)));
  addProcesses(builder, threads, start, readFile);
  const { clock } = first.thread.facts;
  const session = builder.finish({
    description,
    startTime: ((clock.unix + (start - clock.monotonic) / 1000) / 1000) as UnixSeconds,
    duration: seconds((end - start) / 1e6),
    cpuTime: seconds(0),
    minInterval: interval,
    maxInterval: interval,
    sampleCount: 0,
    engine: 'v8',
    startCallStack: [],
    quality: flawlessQuality(0),
    notes: nodeNotes(left, threads, interval),
  });
  return withProgramPackages(withSums(session, threads));
}

function endOf({ start, weights }: ProgramProfile['profile']): number {
  // The first sample's weight lies before its moment.
  return weights.reduce((sum, weight, sample) => (sample === 0 ? sum : sum + weight), start);
}

function programOfThread({ facts, segments }: LeftThread, longestGap: number): ProgramProfile | undefined {
  const ends = awaitPaths(
    segments.flatMap(({ awaits }) => awaits ?? []),
    originOfFrames(facts.preload),
  );
  const joined = joinProfiles(segments.map(({ profile }) => profile));
  return profileOfProgram(joined, { ...facts, longestGap }, ends);
}

function addProcesses(
  builder: SessionBuilder,
  threads: readonly RecordedThread[],
  start: number,
  readFile: (path: string) => string | undefined,
): void {
  const maps = new Map(
    threads.flatMap(({ thread }) => thread.segments.flatMap((segment) => Object.entries(segment.maps))),
  );
  const frames = new JavaScriptFrames(builder, readScripts(readFile, maps));
  const processes = new Map<string, ProcessIndex>();
  for (const { thread, profile } of threads) {
    const { facts } = thread;
    const key = processKey(thread);
    let process = processes.get(key);
    if (process === undefined) {
      const own = threads.filter((other) => processKey(other.thread) === key);
      process = builder.addProcess(processOf(own, start));
      processes.set(key, process);
    }
    const added = builder.addThread({
      process,
      tid: facts.tid as Tid,
      ident: 0,
      name: facts.name,
      isMain: facts.threadId === 0,
      start: seconds((profile.start - start) / 1e6),
    });
    addCpuProfile(builder, added, profile, frames);
  }
}

/** What a process says of itself. */
export function statedProcess(facts: ThreadFacts): Omit<ProcessInfo, 'start' | 'duration' | 'cpuTime'> {
  const [node = 'node', ...words] = facts.argv;
  return {
    pid: facts.pid as Pid,
    parentPid: facts.parentPid as Pid,
    command: [node, ...facts.execArgv, ...words],
    runtime: 'node',
    runtimeVersion: facts.version,
    sysPath: facts.cwd === '' ? [] : [facts.cwd],
    sysPrefixes: [],
  };
}

/** Ids of processes are used again: those of their parents hardly at the same time. */
function processKey({ facts }: LeftThread): string {
  return `${facts.pid} ${facts.parentPid}`;
}

function processOf(threads: readonly RecordedThread[], start: number): Parameters<SessionBuilder['addProcess']>[0] {
  const [{ thread }] = threads as [RecordedThread];
  const { facts } = thread;
  const begins = Math.min(...threads.map(({ profile }) => profile.start));
  const ends = Math.max(...threads.map(({ profile }) => endOf(profile)));
  const cpu = Math.max(...threads.flatMap((one) => one.thread.segments.map((segment) => segment.cpu)));
  return {
    ...statedProcess(facts),
    start: seconds(Math.max(0, begins - start) / 1e6),
    duration: seconds((ends - begins) / 1e6),
    cpuTime: seconds(Math.max(0, cpu - facts.cpu) / 1e6),
  };
}

/** What adds up over the session. */
function withSums(session: Session, threads: readonly RecordedThread[]): Session {
  const samples = session.threads.reduce((sum, { sampleCount }) => sum + sampleCount, 0);
  const cpuTime = session.processes.reduce((sum, process) => sum + process.cpuTime, 0);
  const notSampled = threads.reduce((sum, thread) => sum + thread.notSampled, 0);
  return {
    ...session,
    meta: {
      ...session.meta,
      cpuTime: seconds(cpuTime),
      sampleCount: Math.max(...session.threads.map(({ sampleCount }) => sampleCount)),
      quality: { ...flawlessQuality(samples), notSampled: seconds(notSampled / 1e6) },
    },
  };
}
