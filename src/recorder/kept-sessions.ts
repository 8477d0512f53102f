/** Which finished sessions can still be asked for? The last ones, until they are dropped. */
import { formatStartCallStack } from '../session/pyisession-writer.ts';
import type { Session } from '../session/session.ts';
import { mainThread } from '../tree/shown-threads.ts';
import type { SessionAnswer, SessionId } from './protocol.ts';
import { RequestError } from './request-error.ts';

/** Bytes that a row, and that a stack takes: columns of numbers. */
const bytesPerRow = 13;
const bytesPerStack = 12;

/** In bytes: what all kept sessions may take together, the newest excepted. */
const mostBytes = 2 ** 28;

interface Kept {
  readonly session: Session;
  readonly bytes: number;
}

/** Sessions by the number that was given for each. */
export class KeptSessions {
  readonly #most: number;
  readonly #kept = new Map<SessionId, Kept>();
  #last = 0;
  #bytes = 0;

  /** @param most sessions kept at a time */
  constructor(most: number) {
    this.#most = most;
  }

  /** Keeps a session; the oldest go, where there are too many. */
  add(session: Session): SessionAnswer {
    const number = ++this.#last;
    const bytes = sizeOf(session);
    this.#kept.set(number, { session, bytes });
    this.#bytes += bytes;
    for (const oldest of this.#kept.keys()) {
      if (oldest === number || (this.#kept.size <= this.#most && this.#bytes <= mostBytes)) break;
      this.drop(oldest);
    }
    return { session: number, meta: sessionHead(session) };
  }

  /** @throws RequestError `SESSION` where there is none, or no more */
  get(number: SessionId): Session {
    const kept = this.#kept.get(number);
    if (kept !== undefined) return kept.session;
    const isOld = number > 0 && number <= this.#last;
    throw new RequestError('SESSION', `session ${number} ${isOld ? 'is no longer kept' : 'does not exist'}`);
  }

  drop(number: SessionId): void {
    this.#bytes -= this.#kept.get(number)?.bytes ?? 0;
    this.#kept.delete(number);
  }
}

function sizeOf({ threads, stacks }: Session): number {
  return threads.reduce((sum, { weight }) => sum + weight.length * bytesPerRow, stacks.parent.length * bytesPerStack);
}

function sessionHead(session: Session): SessionAnswer['meta'] {
  const { meta, processes } = session;
  const thread = mainThread(session);
  const process = processes[thread?.process ?? 0];
  return {
    startTime: meta.startTime,
    duration: meta.duration,
    cpuTime: meta.cpuTime,
    minInterval: meta.minInterval,
    maxInterval: meta.maxInterval,
    sampleCount: meta.sampleCount,
    description: meta.description,
    startCallStack: formatStartCallStack(session, thread),
    sysPath: process?.sysPath ?? [],
    sysPrefixes: process?.sysPrefixes ?? [],
    engine: meta.engine,
    notes: meta.notes,
  };
}
