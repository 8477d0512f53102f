/** The report that programs read: call trees as JSON. */
import type { Session, ThreadSamples } from '../session/session.ts';
import { buildReportTree } from '../tree/pipeline.ts';
import { shortPaths } from '../tree/short-path.ts';
import { mainThread, threadTimes } from '../tree/shown-threads.ts';
import { formatFixed } from './fixed-point.ts';
import { FrameWriter } from './json-frames.ts';
import type { OptionTable, OptionValues } from './options.ts';
import { defineRenderer, type Renderer } from './renderer.ts';
import { escapeControlsInJson } from './terminal-text.ts';
import { exporterName } from './text-header.ts';
import { treeOptions, treeOptionTable } from './tree-options.ts';

const optionTable = {
  ...treeOptionTable,
  threads: { kind: 'flag', help: 'accepted for uniformity: all threads are always listed' },
  subprocesses: { kind: 'flag', help: 'accepted for uniformity: all processes are always listed' },
} as const satisfies OptionTable;

type JsonOptions = OptionValues<typeof optionTable>;

/** `-r json`. */
export const jsonRenderer: Renderer = defineRenderer({
  name: 'json',
  aliases: [],
  extensions: ['.json'],
  isBinary: false,
  summary: 'call trees for programs to read',
  options: optionTable,
  run: renderJson,
});

/**
 * The document of pyinstrument 5.1.3, with the main thread as `root_frame`. Where there is more than one thread, `threads`
 * lists all of them, each with its tree. Recordings of our own end with what scripts ask about them.
 */
export function renderJson(session: Session, values: JsonOptions): string {
  const { meta } = session;
  const frames = new FrameWriter();
  const rootFrame = (thread: ThreadSamples | undefined): string => {
    const tree = thread === undefined ? null : buildReportTree(session, thread, treeOptions(values));
    const process = session.processes[thread?.process ?? 0];
    return tree === null ? 'null' : frames.write(tree, shortPaths(process?.sysPath ?? []));
  };
  const members = [
    ['start_time', formatFixed(meta.startTime, 6)],
    ['duration', formatFixed(meta.duration, 6)],
    ['sample_count', String(meta.sampleCount)],
    ['target_description', JSON.stringify(meta.description)],
    ['cpu_time', formatFixed(meta.cpuTime, 6)],
    ['root_frame', rootFrame(mainThread(session))],
  ];
  if (session.threads.length > 1) {
    const threads = session.threads.map((thread) => threadObject(session, thread, rootFrame(thread)));
    members.push(['threads', `[${threads.join(',')}]`]);
  }
  if (meta.engine !== 'file') members.push(...recordingMembers(session));
  return escapeControlsInJson(`${jsonObject(members)}\n`);
}

/** Grows when a member gets another meaning or goes away; new ones may come at any time. */
const formatVersion = 1;

function recordingMembers({ meta, processes }: Session): readonly string[][] {
  const { runtime = 'other', runtimeVersion = '' } = processes[0] ?? {};
  return [
    ['version', String(formatVersion)],
    ['exporter', JSON.stringify(exporterName)],
    ['interval', formatFixed(meta.maxInterval, 6)],
    ['engine', JSON.stringify(meta.engine)],
    ['runtime', JSON.stringify(runtime)],
    ['runtime_version', JSON.stringify(runtimeVersion)],
  ];
}

function threadObject(session: Session, thread: ThreadSamples, rootFrame: string): string {
  const { running, idle } = threadTimes(session, thread);
  return jsonObject([
    ['process_id', String(session.processes[thread.process]?.pid ?? 0)],
    ['thread_id', String(thread.tid)],
    ['name', JSON.stringify(thread.name)],
    ['is_main', String(thread.isMain)],
    ['running_time', formatFixed(running, 6)],
    ['idle_time', formatFixed(idle, 6)],
    ['root_frame', rootFrame],
  ]);
}

/** With a blank after the colons and none after the commas, as pyinstrument 5.1.3 writes it. */
function jsonObject(members: readonly (readonly string[])[]): string {
  return `{${members.map(([key, value]) => `"${key}": ${value}`).join(',')}}`;
}
