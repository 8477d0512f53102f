/** How do several recordings become one? */
import { SessionBuilder } from './builder.ts';
import { type FrameIndex, noStack, type ProcessIndex, type StackIndex } from './ids.ts';
import { clockOffsets, type MergeMode, mergeMeta } from './merge-meta.ts';
import { addSeconds, type OneOrMore, sumProcesses, sumThreads } from './merge-sums.ts';
import { processKeys, threadKeys } from './same-threads.ts';
import { type ProcessInfo, type Session, type SessionMeta, type ThreadSamples, threadState } from './session.ts';
import { type Seconds, seconds } from './units.ts';

/**
 * Merges recordings, each of which stays as it is. They are taken in the order in which they began, so that their order here
 * matters only where they began at the same moment. The program of the earliest is that of the result.
 *
 * - `apart`: all processes and threads side by side, each where it was on one clock.
 * - `summed`: threads that are the same (see `processKeys`, `threadKeys`) one after the other as one thread, so that a tree
 *   of it shows the sum, and no timeline. Of two sessions of pyinstrument the result is that of its `Session.combine`
 *   (5.1.3), but prefixes keep their order.
 *
 * Where only some come from files of other profilers, the rows of these count as running, and their stacks lose the entry
 * for the thread: then they are as our own recordings.
 *
 * Costs O(frames + stacks + rows) of all together, apart from putting the sessions in order.
 */
export function mergeSessions(sessions: OneOrMore<Session>, how: MergeMode): Session {
  const ordered = inOrder(sessions);
  const metas = ordered.map(({ meta }) => meta) as [SessionMeta, ...SessionMeta[]];
  const offsets = clockOffsets(metas, how);
  const meta = mergeMeta(metas, offsets, how);
  const builder = new SessionBuilder();
  const parts = ordered.map((session, number) => {
    const asOwn = session.meta.engine === 'file' && meta.engine !== 'file';
    const stacks = copyStacks(session, builder, asOwn);
    return placeSession(session, stacks, offsets[number] ?? seconds(0), asOwn);
  });
  const leading = ordered.find((session) => session.meta.engine === meta.engine);
  const tables = builder.finish({ ...meta, ...startOf(leading, builder) });
  return { ...tables, ...(how === 'summed' ? addUp(parts) : putSideBySide(parts)) };
}

/** Earliest first. */
function inOrder(sessions: OneOrMore<Session>): OneOrMore<Session> {
  return [...sessions].sort((a, b) => a.meta.startTime - b.meta.startTime) as [Session, ...Session[]];
}

/** The place that started a recording, with the numbers that its frames have in the builder. */
function startOf(
  session: Session | undefined,
  builder: SessionBuilder,
): Pick<SessionMeta, 'startCallStack' | 'startCallLines'> {
  if (session === undefined) return { startCallStack: [] };
  const { startCallStack, startCallLines } = session.meta;
  const frames = startCallStack.flatMap((frame) => session.frames[frame] ?? []).map((info) => builder.frame(info));
  return { startCallStack: frames, ...(startCallLines === undefined ? {} : { startCallLines }) };
}

/** The number that each stack of a session has in the builder. */
function copyStacks(session: Session, builder: SessionBuilder, dropsThreadEntry: boolean): Int32Array {
  const frames = session.frames.map((info) => builder.frame(info));
  const { parent, frame, line } = session.stacks;
  const copied = new Int32Array(parent.length);
  for (let stack = 0; stack < copied.length; stack++) {
    const caller = parent[stack] as number;
    const innermost = frame[stack] as number;
    const isThreadEntry = caller === noStack && session.frames[innermost]?.kind === 'thread';
    const below = caller === noStack ? noStack : (copied[caller] as StackIndex);
    const location = builder.location(frames[innermost] as FrameIndex, line[stack] as number);
    copied[stack] = dropsThreadEntry && isThreadEntry ? noStack : builder.child(below, location);
  }
  return copied;
}

/** A session's processes and threads, on the common clock and with the common numbers of stacks. */
interface Part extends Pick<Session, 'processes' | 'threads'> {
  readonly processKeys: readonly string[];
  readonly threadKeys: readonly string[];
}

function placeSession(session: Session, stacks: Int32Array, offset: Seconds, asOwn: boolean): Part {
  return {
    processes: session.processes.map((process) => ({ ...process, start: addSeconds([process.start, offset]) })),
    threads: session.threads.map((thread) => ({
      ...thread,
      start: addSeconds([thread.start, offset]),
      stack: thread.stack.map((stack) => stacks[stack] ?? noStack),
      state: asOwn ? new Uint8Array(thread.state.length).fill(threadState.onCpu) : thread.state,
    })),
    processKeys: processKeys(session),
    threadKeys: threadKeys(session),
  };
}

type Recorded = Pick<Session, 'processes' | 'threads'>;

function putSideBySide(parts: readonly Part[]): Recorded {
  const processes: ProcessInfo[] = [];
  const threads: ThreadSamples[] = [];
  for (const part of parts) {
    const before = processes.length;
    for (const process of part.processes) processes.push(process);
    for (const thread of part.threads) {
      threads.push({ ...thread, process: (before + thread.process) as ProcessIndex });
    }
  }
  return { processes, threads };
}

function addUp(parts: readonly Part[]): Recorded {
  const processes = new Groups<ProcessInfo>();
  const threads = new Groups<ThreadSamples>();
  for (const part of parts) {
    const numbers = part.processes.map((process, index) => processes.add(part.processKeys[index] ?? '', process));
    part.threads.forEach((thread, index) => {
      const process = (numbers[thread.process] ?? 0) as ProcessIndex;
      threads.add(`${process} ${part.threadKeys[index]}`, { ...thread, process });
    });
  }
  return { processes: processes.all.map(sumProcesses), threads: threads.all.map(sumThreads) };
}

/** Values with equal keys. */
class Groups<T> {
  readonly #numbers = new Map<string, number>();
  readonly #groups: [T, ...T[]][] = [];

  /** @returns the number of the group, from 0 in the order in which keys first came */
  add(key: string, value: T): number {
    const known = this.#numbers.get(key);
    if (known !== undefined) {
      this.#groups[known]?.push(value);
      return known;
    }
    this.#numbers.set(key, this.#groups.length);
    return this.#groups.push([value]) - 1;
  }

  /** By number. */
  get all(): readonly OneOrMore<T>[] {
    return this.#groups;
  }
}
