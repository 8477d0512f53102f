/** How does the recording of a region become a session? */
import { SessionBuilder } from '../../../session/builder.ts';
import { addCpuProfile } from '../../../session/cpuprofile-thread.ts';
import { flawlessQuality } from '../../../session/flawless-quality.ts';
import type { Pid, Tid } from '../../../session/ids.ts';
import { JavaScriptFrames } from '../../../session/javascript-frames.ts';
import type { Session } from '../../../session/session.ts';
import { type Seconds, seconds, type UnixSeconds } from '../../../session/units.ts';
import { ProcessMaps } from '../preload/process-maps.ts';
import { threadFacts } from '../preload/thread-facts.ts';
import { type KnownMaps, readScripts } from '../source-maps.ts';
import type { RegionRecording } from './region.ts';
import { sourceText } from './source-text.ts';

/** Maps that only this process has, found script by script; shared by all sessions, as are the texts of scripts. */
const processMaps = new ProcessMaps();
const maps = new Map<string, unknown>();
const scripts = readScripts(sourceText, maps);

/**
 * The session of one region of this process: one thread, the one that ran it.
 * @param others source maps that Node.js does not know of, by URL
 */
export function regionSession(
  { profile, startTime, duration, cpu, samples }: RegionRecording,
  { interval, description }: { readonly interval: Seconds; readonly description: string },
  others: KnownMaps = new Map(),
): Session {
  for (const [url, map] of others) maps.set(url, map);
  for (const [url, map] of Object.entries(processMaps.of(profile))) maps.set(url, map);
  const { pid, parentPid, tid, threadId, name, argv, execArgv, version, cwd } = threadFacts('');
  const [node = 'node', ...words] = argv;
  const builder = new SessionBuilder();
  const process = builder.addProcess({
    pid: pid as Pid,
    parentPid: parentPid as Pid,
    command: [node, ...execArgv, ...words],
    runtime: 'node',
    runtimeVersion: version,
    start: seconds(0),
    duration: seconds(duration / 1e6),
    cpuTime: seconds(cpu / 1e6),
    sysPath: cwd === '' ? [] : [cwd],
    sysPrefixes: [],
  });
  const isMain = threadId === 0;
  const thread = builder.addThread({ process, tid: tid as Tid, ident: 0, name, isMain, start: seconds(0) });
  addCpuProfile(builder, thread, profile, new JavaScriptFrames(builder, scripts));
  return builder.finish({
    description,
    startTime: (startTime / 1000) as UnixSeconds,
    duration: seconds(duration / 1e6),
    cpuTime: seconds(cpu / 1e6),
    minInterval: interval,
    maxInterval: interval,
    sampleCount: samples,
    engine: 'v8',
    startCallStack: [],
    quality: flawlessQuality(samples),
    notes: [],
  });
}
