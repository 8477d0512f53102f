/** Which part of a recording is asked for: which threads, which processes, what time? */
import { TimesinkError } from '../util/errors.ts';
import { fnmatch } from '../util/fnmatch.ts';
import { cutThread, scaled, type TimeSpan } from './cut-time.ts';
import type { ProcessIndex } from './ids.ts';
import { type ProcessInfo, type Session, type SessionMeta, type ThreadSamples, threadState } from './session.ts';
import { seconds, type UnixSeconds } from './units.ts';

/** What to keep of a session; what is empty or undefined does not restrict it. */
export interface Selection {
  /** Names, as shell patterns, or thread ids of the operating system. */
  readonly threads: readonly string[];
  /** Process ids; or names of the program or script, or whole command lines, as shell patterns. */
  readonly processes: readonly string[];
  /** In seconds from the session's start. */
  readonly span: Partial<TimeSpan>;
}

/** As many threads or processes are told in a message. */
const mostListed = 20;

/**
 * The session with nothing but what is asked for, and a note that says so.
 * @throws TimesinkError `USAGE`, telling what there is, where a word or the time matches nothing
 */
export function selectSession(session: Session, { threads, processes, span }: Selection): Session {
  let selected = session;
  if (processes.length > 0) selected = selectProcesses(selected, processes);
  if (threads.length > 0) selected = selectThreads(selected, threads);
  if (span.from !== undefined || span.to !== undefined) selected = cutTime(selected, span);
  return selected;
}

function selectProcesses(session: Session, words: readonly string[]): Session {
  const matches = (process: ProcessInfo, word: string): boolean => {
    const isPid = /^\d+$/.test(word) && Number(word) === process.pid;
    return isPid || processNames(process).some((name) => name === word || fnmatch(name, word));
  };
  const chosen = session.processes.map((process) => words.some((word) => matches(process, word)));
  const there = session.processes.map((process) => `${process.pid} (${process.command.join(' ')})`);
  checkEach(words, 'process', there, (word) => session.processes.some((process) => matches(process, word)));
  const kept = session.threads.filter((thread) => chosen[thread.process]);
  return withThreads(session, kept, {}, `Only ${listed('process', 'processes', words)} shown.`);
}

/** The program, the script or module that it runs, and the whole command line. */
function processNames({ command }: ProcessInfo): readonly string[] {
  const baseName = (path: string): string => path.slice(path.lastIndexOf('/') + 1);
  const [program, ...rest] = command;
  const script = rest.find((word) => !word.startsWith('-'));
  const names = [program, script].flatMap((word) => (word === undefined ? [] : [baseName(word)]));
  return [...names, command.join(' ')];
}

function selectThreads(session: Session, words: readonly string[]): Session {
  const matches = ({ name, tid }: ThreadSamples, word: string): boolean =>
    name === word || (/^\d+$/.test(word) && Number(word) === tid) || fnmatch(name, word);
  const there = [...new Set(session.threads.map(({ name }) => name))];
  checkEach(words, 'thread', there, (word) => session.threads.some((thread) => matches(thread, word)));
  const kept = session.threads.filter((thread) => words.some((word) => matches(thread, word)));
  return withThreads(session, kept, {}, `Only ${listed('thread', 'threads', words)} shown.`);
}

/** The session with nothing but the threads at these positions, and a note that says so. */
export function selectPositions(session: Session, positions: readonly number[]): Session {
  const kept = session.threads.filter((_, position) => positions.includes(position));
  const names = kept.map(({ name }) => name);
  return withThreads(session, kept, {}, `Only ${listed('thread', 'threads', names)} shown.`);
}

function checkEach(
  words: readonly string[],
  noun: string,
  there: readonly string[],
  isThere: (word: string) => boolean,
): void {
  const missing = words.find((word) => !isThere(word));
  if (missing === undefined) return;
  const names = there.slice(0, mostListed).join(', ');
  const rest = there.length > mostListed ? ` and ${there.length - mostListed} more` : '';
  throw new TimesinkError('USAGE', `the recording has no ${noun} ${JSON.stringify(missing)}`, {
    hint: there.length === 0 ? `It has none at all.` : `It has: ${names}${rest}.`,
  });
}

function listed(one: string, several: string, words: readonly string[]): string {
  return words.length === 1 ? `${one} ${words[0]} is` : `${several} ${words.join(', ')} are`;
}

/**
 * The session with nothing but a part of its time, and a note that says so.
 * @throws TimesinkError `USAGE` where the session has nothing then
 */
export function cutTime(
  session: Session,
  { from = seconds(0), to = seconds(Number.POSITIVE_INFINITY) }: Partial<TimeSpan>,
): Session {
  const { duration, startTime } = session.meta;
  const end = seconds(Math.min(to, duration));
  const kept = session.threads.flatMap((thread) => cutThread(thread, { from, to }) ?? []);
  if (kept.length === 0 || from > end) {
    throw new TimesinkError('USAGE', `the recording has nothing from ${from} s${to < duration ? ` to ${to} s` : ''}`, {
      hint: `It is ${round(duration)} s long; --from and --to count from its start.`,
    });
  }
  return withThreads(
    { ...session, processes: session.processes.map((process) => cutProcess(process, { from, to })) },
    kept,
    { startTime: (startTime > 0 ? startTime + from : startTime) as UnixSeconds, duration: seconds(end - from) },
    `Only ${round(from)} s to ${round(end)} s of ${round(duration)} s are shown.`,
  );
}

function cutProcess(process: ProcessInfo, { from, to }: TimeSpan): ProcessInfo {
  const [begin, end] = [process.start, process.start + process.duration];
  const duration = begin >= from && end <= to ? process.duration : Math.min(end, to) - Math.max(begin, from);
  return { ...process, start: seconds(Math.max(0, begin - from)), duration: seconds(Math.max(0, duration)) };
}

function round(value: number): number {
  return Number(value.toFixed(3));
}

/**
 * The session with these threads in place of its own. Processes without any are dropped; what was counted and measured for
 * the whole is reduced to the threads' share.
 */
function withThreads(
  session: Session,
  threads: readonly ThreadSamples[],
  changes: Partial<SessionMeta>,
  note: string,
): Session {
  const { meta } = session;
  const used = [...new Set(threads.map(({ process }) => process))].sort((a, b) => a - b);
  const positions = new Map(used.map((index, position) => [index, position as ProcessIndex]));
  const [part, whole] = [cpuByProcess(threads), cpuByProcess(session.threads)];
  const processes = used.flatMap((index) => {
    const process = session.processes[index];
    const [kept = 0, all = 0] = [part.get(index), whole.get(index)];
    if (process === undefined) return [];
    return [{ ...process, cpuTime: seconds(all === 0 ? process.cpuTime : (process.cpuTime * kept) / all) }];
  });
  return {
    ...session,
    meta: {
      ...meta,
      sampleCount: scaled(meta.sampleCount, sum(threads, sampleCount), sum(session.threads, sampleCount)),
      cpuTime: seconds(cpuTimeOf(session, threads, processes)),
      quality: { ...meta.quality, notSampled: notSampled(session, threads) },
      notes: [...meta.notes, note],
      ...changes,
    },
    processes,
    threads: threads.map((thread) => ({ ...thread, process: positions.get(thread.process) ?? thread.process })),
  };
}

/** The processes' time where it is known of each, else the threads' share of the whole. */
function cpuTimeOf(session: Session, threads: readonly ThreadSamples[], processes: readonly ProcessInfo[]): number {
  const { cpuTime } = session.meta;
  const ofProcesses = sum(session.processes, (process) => process.cpuTime);
  if (ofProcesses > 0) return (cpuTime * sum(processes, (process) => process.cpuTime)) / ofProcesses;
  const [part, whole] = [sum(threads, recordedSeconds), sum(session.threads, recordedSeconds)];
  return whole === 0 ? cpuTime : (cpuTime * part) / whole;
}

/** The longest time for which nobody looked at one of the threads; all miss the same. */
function notSampled({ meta, frames, stacks }: Session, threads: readonly ThreadSamples[]): SessionMeta['duration'] {
  if (meta.quality.notSampled === 0) return meta.quality.notSampled;
  const isUnseen = (stack: number): boolean => frames[stacks.frame[stack] ?? -1]?.kind === 'not-sampled';
  let longest = 0;
  for (const { stack, weight } of threads) {
    longest = Math.max(
      longest,
      weight.reduce((all, time, row) => all + (isUnseen(stack[row] as number) ? time : 0), 0),
    );
  }
  return seconds(Math.min(meta.quality.notSampled, longest));
}

/** Seconds in which the threads of each process were on a CPU. */
function cpuByProcess(threads: readonly ThreadSamples[]): ReadonlyMap<ProcessIndex, number> {
  const times = new Map<ProcessIndex, number>();
  for (const { process, weight, state } of threads) {
    let onCpu = times.get(process) ?? 0;
    weight.forEach((time, row) => {
      if (((state[row] as number) & threadState.onCpu) !== 0) onCpu += time;
    });
    times.set(process, onCpu);
  }
  return times;
}

function recordedSeconds({ weight }: ThreadSamples): number {
  return weight.reduce((all, time) => all + time, 0);
}

function sampleCount(thread: ThreadSamples): number {
  return thread.sampleCount;
}

function sum<Value>(values: readonly Value[], amount: (value: Value) => number): number {
  return values.reduce((all, value) => all + amount(value), 0);
}
