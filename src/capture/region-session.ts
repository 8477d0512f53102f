/** What session is made of a region that has ended? Only what it saw, without the frames of our own package. */
import { SessionBuilder } from '../session/builder.ts';
import { parseFrame } from '../session/frame-text.ts';
import { type FrameIndex, noStack, type Pid, type ProcessIndex, type StackIndex, type Tid } from '../session/ids.ts';
import type { CaptureQuality, FrameInfo, Session } from '../session/session.ts';
import { seconds } from '../session/units.ts';
import type { RegionEnd, RegionOptions, RegionThreadInfo } from './region.ts';
import { notSampled, type RegionRows } from './region-rows.ts';

/** The Python package that starts regions: its frames are not the program's. */
export interface OwnPackage {
  /** Frames of files below it give way to what they call; null: there are none. */
  readonly folder: string | null;
  /** Files of it that call nothing of the program: stacks end before their frames. */
  readonly innerFiles: readonly string[];
}

/** What was recorded of one thread. */
export interface RecordedThread {
  readonly info: RegionThreadInfo;
  readonly rows: RegionRows;
}

/** A region that has ended. */
export interface EndedRegion {
  readonly options: RegionOptions;
  readonly end: RegionEnd;
  readonly pid: Pid;
  /** In seconds. */
  readonly duration: number;
  readonly engine: 'outside' | 'inprocess';
  /** Where the stacks of the rows are. */
  readonly stacks: SessionBuilder;
  /** The thread that started it first. */
  readonly threads: readonly RecordedThread[];
  readonly quality: CaptureQuality;
  readonly notes: readonly string[];
}

/** Makes the session. Of its threads, the one that started the region counts as the main one. */
export function regionSession(region: EndedRegion, own: OwnPackage): Session {
  const { options, end, duration } = region;
  const builder = new SessionBuilder();
  const stacks = new CopiedStacks(region.stacks, builder, own);
  const process = builder.addProcess({
    pid: region.pid,
    parentPid: 0 as Pid,
    command: end.program.command,
    runtime: 'python',
    runtimeVersion: end.program.version,
    start: seconds(0),
    duration: seconds(duration),
    cpuTime: end.cpuTime,
    sysPath: end.program.sysPath,
    sysPrefixes: end.program.sysPrefixes,
  });
  const start = startFrames(options.startCallStack, builder, own);
  region.threads.forEach((thread, index) => {
    addThread(builder, stacks, { thread, process, isOwn: index === 0, start });
  });
  return builder.finish({
    description: options.description,
    startTime: options.startTime,
    duration: seconds(duration),
    cpuTime: end.cpuTime,
    minInterval: options.interval,
    maxInterval: options.interval,
    sampleCount: region.threads[0]?.rows.looks ?? 0,
    engine: region.engine,
    startCallStack: start.map(({ frame }) => frame),
    startCallLines: start.map(({ line }) => line),
    quality: { ...region.quality, notSampled: seconds(region.threads[0]?.rows.notSampled ?? 0) },
    notes: [...region.notes, ...end.notes, ...region.threads.flatMap(thinningNote)],
  });
}

interface StartFrame {
  readonly info: FrameInfo;
  readonly frame: FrameIndex;
  readonly line: number;
}

function startFrames(texts: readonly string[], builder: SessionBuilder, own: OwnPackage): readonly StartFrame[] {
  return texts.flatMap((text) => {
    const parsed = parseFrame(text);
    if (typeof parsed === 'string' || parsed.frame.kind === 'thread' || isBelow(parsed.frame.file, own.folder)) {
      return [];
    }
    return [{ info: parsed.frame, frame: builder.frame(parsed.frame), line: parsed.line }];
  });
}

interface AddedThread {
  readonly thread: RecordedThread;
  readonly process: ProcessIndex;
  readonly isOwn: boolean;
  readonly start: readonly StartFrame[];
}

function addThread(builder: SessionBuilder, stacks: CopiedStacks, added: AddedThread): void {
  const { info, rows } = added.thread;
  const { stack, weight, state } = rows.finish();
  if (stack.length === 0) return;
  const copied = stack.map((number) => (number < 0 ? number : stacks.copy(number as StackIndex)));
  // Time of which nothing is known stands under what all the rest has in common with the place that started the region.
  const stem = added.isOwn ? commonStem(builder, copied, added.start) : [];
  const base = builder.stack(stem.map(({ frame, line }) => [frame, line] as const));
  const thread = builder.addThread({
    process: added.process,
    tid: info.nativeId as Tid,
    ident: info.ident,
    name: info.name === '' ? `Thread ${info.nativeId}` : info.name,
    isMain: added.isOwn,
    start: seconds(rows.start),
  });
  // Looks are counted as a whole: rows were joined, and may have been thinned out.
  const looks = Math.max(rows.looks, stack.length);
  copied.forEach((number, row) => {
    const place = number >= 0 ? (number as StackIndex) : number === notSampled ? notSampledOn(builder, base) : base;
    const isWaiting = place !== noStack && isWait(builder.frameAt(builder.locationOf(place)));
    thread.add(place, weight[row] as number, isWaiting ? 0 : (state[row] as number), row === 0 ? looks : 0);
  });
}

const isWait = ({ kind }: FrameInfo): boolean => kind === 'await' || kind === 'out-of-context';

function notSampledOn(builder: SessionBuilder, below: StackIndex): StackIndex {
  const frame = { functionName: '[not sampled]', file: null, firstLine: 0, className: null, hidden: false } as const;
  return builder.child(below, builder.location(builder.frame({ kind: 'not-sampled', ...frame }), -1));
}

/** Those outermost frames of the place that started the region that all stacks begin with. */
function commonStem(builder: SessionBuilder, stacks: Int32Array, start: readonly StartFrame[]): readonly StartFrame[] {
  let length = start.length;
  for (const stack of new Set(stacks)) {
    if (stack < 0) continue;
    const path: FrameInfo[] = [];
    for (let at = stack as StackIndex; at !== noStack; at = builder.parentOf(at)) {
      path.push(builder.frameAt(builder.locationOf(at)));
    }
    let same = 0;
    while (same < length && isSameFunction(path[path.length - 1 - same], start[same]?.info)) same++;
    length = same;
  }
  return start.slice(0, length);
}

function isSameFunction(left: FrameInfo | undefined, right: FrameInfo | undefined): boolean {
  return (
    left !== undefined &&
    left.functionName === right?.functionName &&
    left.file === right.file &&
    left.firstLine === right.firstLine
  );
}

function thinningNote({ info, rows }: RecordedThread): readonly string[] {
  if (rows.thinned === 1) return [];
  return [`Of the samples of thread ${info.name}, about one in ${rows.thinned} was kept.`];
}

function isBelow(file: string | null, folder: string | null): boolean {
  if (file === null || folder === null || !file.startsWith(folder)) return false;
  return /[/\\]$/.test(folder) || file[folder.length] === '/' || file[folder.length] === '\\';
}

/** A stack in the new session, and whether it ends in frames that were left out or cut off. */
interface Copy {
  readonly stack: StackIndex;
  readonly end: 'whole' | 'omitted' | 'cut';
}

/** Copies stacks from one builder to another, each once, without the frames of our own package. */
class CopiedStacks {
  readonly #from: SessionBuilder;
  readonly #to: SessionBuilder;
  readonly #own: OwnPackage;
  readonly #copies = new Map<StackIndex, Copy>([[noStack, { stack: noStack, end: 'whole' }]]);

  constructor(from: SessionBuilder, to: SessionBuilder, own: OwnPackage) {
    this.#from = from;
    this.#to = to;
    this.#own = own;
  }

  copy(stack: StackIndex): StackIndex {
    const open: StackIndex[] = [];
    let at = stack;
    let below = this.#copies.get(at);
    while (below === undefined) {
      open.push(at);
      at = this.#from.parentOf(at);
      below = this.#copies.get(at);
    }
    for (let next = open.pop(); next !== undefined; next = open.pop()) {
      below = this.#onTop(below, this.#from.locationOf(next));
      this.#copies.set(next, below);
    }
    return below.stack;
  }

  #onTop(below: Copy, location: number): Copy {
    if (below.end === 'cut') return below;
    const frame = this.#from.frameAt(location);
    if (isBelow(frame.file, this.#own.folder)) {
      return { stack: below.stack, end: this.#own.innerFiles.includes(frame.file ?? '') ? 'cut' : 'omitted' };
    }
    // What our own package calls in C, such as the wait for an answer.
    if (below.end === 'omitted' && frame.kind === 'builtin') return below;
    const copied = this.#to.location(this.#to.frame(frame), this.#from.lineAt(location));
    return { stack: this.#to.child(below.stack, copied), end: 'whole' };
  }
}
