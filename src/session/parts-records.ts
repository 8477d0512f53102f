/** What do the parts of a `.timesink` file say that are records rather than columns: the session, a process, a thread? */
import type { Place } from './check.ts';
import type { FrameIndex, Pid, ProcessIndex, Tid } from './ids.ts';
import type { CaptureQuality, ProcessInfo, SessionMeta, ThreadSamples } from './session.ts';
import { type Seconds, seconds, type UnixSeconds } from './units.ts';

const engines = ['outside', 'inprocess', 'v8', 'file'] as const satisfies readonly SessionMeta['engine'][];
const runtimes = ['python', 'node', 'other'] as const satisfies readonly ProcessInfo['runtime'][];

/** @throws TimesinkError INVALID_FILE */
export function readMeta(part: Place): SessionMeta {
  const lines = part.at('startCallLines');
  const startCallStack = part.at('startCallStack').entries();
  const meta: SessionMeta = {
    description: part.at('description').string(),
    startTime: part.at('startTime').number() as UnixSeconds,
    duration: amount(part, 'duration'),
    cpuTime: amount(part, 'cpuTime'),
    minInterval: seconds(part.at('minInterval').number()),
    maxInterval: seconds(part.at('maxInterval').number()),
    sampleCount: part.at('sampleCount').count(),
    engine: part.at('engine').oneOf(engines),
    startCallStack: startCallStack.map((entry) => entry.count() as FrameIndex),
    quality: readQuality(part.at('quality')),
    notes: part.at('notes').strings(),
  };
  if (lines.value === undefined) return meta;
  if (lines.list().length !== startCallStack.length) throw lines.invalid('not as long as startCallStack');
  return { ...meta, startCallLines: lines.entries().map((entry) => (entry.value === -1 ? -1 : entry.count())) };
}

function readQuality(place: Place): CaptureQuality {
  return {
    ticks: place.at('ticks').count(),
    missedTicks: place.at('missedTicks').count(),
    samples: place.at('samples').count(),
    incompleteSamples: place.at('incompleteSamples').count(),
    retries: place.at('retries').count(),
    notSampled: amount(place, 'notSampled'),
    unseenProcesses: place.at('unseenProcesses').count(),
  };
}

/** @throws TimesinkError INVALID_FILE */
export function readProcess(part: Place): ProcessInfo {
  return {
    pid: part.at('pid').count() as Pid,
    parentPid: part.at('parentPid').count() as Pid,
    command: part.at('command').strings(),
    runtime: part.at('runtime').oneOf(runtimes),
    runtimeVersion: part.at('runtimeVersion').string(),
    start: amount(part, 'start'),
    duration: amount(part, 'duration'),
    cpuTime: amount(part, 'cpuTime'),
    sysPath: part.at('sysPath').strings(),
    sysPrefixes: part.at('sysPrefixes').strings(),
  };
}

/**
 * @param processes how many processes there are to belong to
 * @throws TimesinkError INVALID_FILE
 */
export function readThread(part: Place, processes: number): Omit<ThreadSamples, 'stack' | 'weight' | 'state'> {
  const process = part.at('process');
  if (process.count() >= processes) throw process.invalid('there is no such process');
  return {
    process: process.count() as ProcessIndex,
    tid: part.at('tid').count() as Tid,
    ident: part.at('ident').count(),
    name: part.at('name').string(),
    isMain: part.at('isMain').boolean(),
    start: amount(part, 'start'),
    sampleCount: part.at('sampleCount').count(),
  };
}

function amount(place: Place, key: string): Seconds {
  return seconds(place.at(key).time());
}
