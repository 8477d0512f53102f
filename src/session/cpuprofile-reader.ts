/** What does a CPU profile of V8 say? Reads those of Node.js, Chrome, Deno and Bun, and those within traces of Chrome. */
import { SessionBuilder } from './builder.ts';
import { longestTime, Place } from './check.ts';
import { parseJson } from './check-json.ts';
import { repeatedNames } from './cpuprofile-nodes.ts';
import { readProfile, type V8Profile } from './cpuprofile-profile.ts';
import { addCpuProfile } from './cpuprofile-thread.ts';
import { readTrace, type TracedProfile } from './cpuprofile-trace.ts';
import { flawlessQuality } from './flawless-quality.ts';
import type { Pid, ProcessIndex, Tid } from './ids.ts';
import { JavaScriptFrames } from './javascript-frames.ts';
import { withProgramPackages } from './javascript-program.ts';
import { noScripts, type Scripts } from './javascript-scripts.ts';
import type { FrameTable, ProcessInfo, Session, ThreadSamples } from './session.ts';
import { type Seconds, seconds, type UnixSeconds } from './units.ts';

/** Names of the members that come once for each event of a trace. */
const repeatedInTraces: readonly string[] = [
  ...repeatedNames,
  ...['args', 'cat', 'dur', 'ph', 'pid', 'tid', 'tts', 'tdur', 'ts', 'name', 'data', 's', 'frame', 'bp', 'scope'],
];

/** `CPU.20261122.221449.4711.0.001.cpuprofile`, as Node.js names its files: local time of the start, process, thread. */
const nodeFileName =
  /(?:^|[/\\])CPU\.(\d{4})(\d\d)(\d\d)\.(\d\d)(\d\d)(\d\d)\.(\d{1,10})\.(\d{1,10})\.\d+\.cpuprofile$/;

/** Intervals are told in steps of these microseconds: what is asked for is a round number. */
const intervalStep = 10;

/**
 * Reads a CPU profile of V8 (`.cpuprofile`), or the profiles in a trace of Chrome.
 *
 * The result has a thread for each profile, on one clock: the earliest sample is the session's start. See
 * {@link readProfile} on how long samples last, {@link addCpuProfile} on what is no function, {@link JavaScriptFrames} on
 * names.
 * @param file the name to use in error messages
 * @param scripts where the text of the code can be had, which gives better names
 * @throws TimesinkError INVALID_FILE
 */
export function parseCpuProfile(text: string, file: string, scripts: Scripts = noScripts): Session {
  const root = new Place(file, '', parseJson(text, file, '', repeatedInTraces));
  const profiles = readProfiles(root, file);
  const origin = profiles.reduce((first, { profile }) => Math.min(first, profile.start), Number.POSITIVE_INFINITY);
  const builder = new SessionBuilder();
  const frames = new JavaScriptFrames(builder, scripts);
  const processes = new Map<number, ProcessIndex>();
  let [duration, sampleCount, incomplete] = [0, 0, 0];
  for (const { profile, pid, tid, threadName } of profiles) {
    const isMain = !processes.has(pid);
    const process = processes.get(pid) ?? builder.addProcess(processInfo(pid));
    processes.set(pid, process);
    const name = isMain ? 'MainThread' : threadName === '' ? `thread ${tid}` : threadName;
    const start = (profile.start - origin) / 1e6;
    const identity = { process, tid: tid as Tid, ident: 0, name, isMain, start: seconds(start) };
    const added = addCpuProfile(builder, builder.addThread(identity), profile, frames);
    duration = Math.max(duration, start + profile.weights.reduce((sum, weight) => sum + weight, 0) / 1e6);
    sampleCount += added.samples;
    incomplete += added.incomplete;
  }
  if (!(duration <= longestTime)) throw root.invalid('the times are too large');
  const interval = seconds(intervalOf(profiles.map(({ profile }) => profile)));
  const session = builder.finish({
    description: description(file),
    startTime: startTime(file),
    duration: seconds(duration),
    cpuTime: seconds(0),
    minInterval: interval,
    maxInterval: interval,
    sampleCount,
    engine: 'v8',
    startCallStack: [],
    quality: { ...flawlessQuality(sampleCount), incompleteSamples: incomplete },
    notes: [],
  });
  const known = session.processes.map((process, index) => {
    const cpuTime = session.threads.reduce(
      (sum, thread) => (thread.process === index ? sum + busyTime(thread) : sum),
      0,
    );
    return { ...completed(process, session.frames, duration), cpuTime: seconds(cpuTime) };
  });
  const cpuTime = seconds(known.reduce((sum, process) => sum + process.cpuTime, 0));
  return withProgramPackages({ ...session, meta: { ...session.meta, cpuTime }, processes: known });
}

/** V8 does not measure CPU time: this is the time in which the thread had something to do. */
function busyTime({ weight, state }: ThreadSamples): number {
  return weight.reduce((sum, own, row) => ((state[row] as number) === 0 ? sum : sum + own), 0);
}

function readProfiles(root: Place, file: string): readonly TracedProfile[] {
  const events = Array.isArray(root.value) ? root : root.at('traceEvents');
  if (events.value !== undefined) return readTrace(events);
  const [, , , , , , , pid = '0', tid = '0'] = nodeFileName.exec(file) ?? [];
  return [{ profile: readProfile(root, 'foreign'), pid: Number(pid), tid: Number(tid), threadName: '' }];
}

function processInfo(pid: number): ProcessInfo {
  return {
    pid: pid as Pid,
    parentPid: 0 as Pid,
    command: [],
    runtime: 'other',
    runtimeVersion: '',
    start: seconds(0),
    duration: seconds(0),
    cpuTime: seconds(0),
    sysPath: [],
    sysPrefixes: [],
  };
}

/** What the frames say of the program. */
function completed(process: ProcessInfo, frames: FrameTable, duration: number): ProcessInfo {
  const isNode = frames.some(({ file }) => file?.startsWith('node:') ?? false);
  const folder = commonFolder(frames.flatMap(({ file }) => (file === null || !isOwn(file) ? [] : [file])));
  return {
    ...process,
    runtime: isNode ? 'node' : 'other',
    duration: duration as Seconds,
    sysPath: folder === '' ? [] : [folder],
  };
}

const isOwn = (file: string): boolean => file.startsWith('/') && !file.includes('/node_modules/');

/** The innermost folder that all files are in; `''` where that is only the top. */
function commonFolder(files: readonly string[]): string {
  const [first, ...others] = files;
  if (first === undefined) return '';
  let common = first.slice(0, first.lastIndexOf('/'));
  for (const file of others) {
    while (common !== '' && !file.startsWith(`${common}/`)) common = common.slice(0, common.lastIndexOf('/'));
  }
  return common;
}

/** What was reached, on average: V8 is late at times, and then takes several samples at once. */
function intervalOf(profiles: readonly V8Profile[]): number {
  const [longest] = [...profiles].sort((a, b) => b.samples.length - a.samples.length);
  if (longest === undefined || longest.samples.length === 0) return intervalStep / 1e6;
  const mean = longest.weights.reduce((sum, weight) => sum + weight, 0) / longest.samples.length;
  return Math.max(intervalStep, Math.round(mean / intervalStep) * intervalStep) / 1e6;
}

function description(file: string): string {
  const name = file.slice(Math.max(file.lastIndexOf('/'), file.lastIndexOf('\\')) + 1);
  return name === '-' || name === '' ? 'CPU profile' : `CPU profile: ${name}`;
}

function startTime(file: string): UnixSeconds {
  const digits = nodeFileName.exec(file)?.slice(1, 7).map(Number);
  if (digits === undefined) return 0 as UnixSeconds;
  const [year = 0, month = 1, day = 1, hours = 0, minutes = 0, wholeSeconds = 0] = digits;
  return (new Date(year, month - 1, day, hours, minutes, wholeSeconds).getTime() / 1000) as UnixSeconds;
}
