/** What did programs leave that sampled themselves, and which recording is it? */
import { closeSync, openSync, readdirSync, readSync } from 'node:fs';
import { join } from 'node:path';
import type { RecorderOptions, Recording } from '../capture/recorder.ts';
import type { RegionEnd, RegionProgram } from '../capture/region.ts';
import { SessionBuilder } from '../session/builder.ts';
import { flawlessQuality } from '../session/flawless-quality.ts';
import type { Pid } from '../session/ids.ts';
import { mergeSessions } from '../session/merge.ts';
import type { Session } from '../session/session.ts';
import { seconds, type UnixSeconds } from '../session/units.ts';
import { TimesinkError } from '../util/errors.ts';
import { InprocessRecorder } from './inprocess.ts';
import { LineSplitter } from './line-splitter.ts';
import { type HelloRequest, limits, type StartRequest, type StopRequest } from './protocol.ts';
import { parseRequest, UnreadableRequest } from './requests.ts';

/** How the names of the files end, one for each process. */
export const samplesEnding = '.samples';

const chunkSize = 2 ** 20;

/** All rows are kept: equal neighbours are one, so their number grows with change. */
const mostRows = 2 ** 30;

/** Reads the files of a folder: requests to a recorder, of which the last `stop` counts. A last line without an end is none. */
export async function readLeftSamples(folder: string, options: RecorderOptions): Promise<Recording> {
  const failures: TimesinkError[] = [];
  const sessions: Session[] = [];
  const names = readdirSync(folder).filter((name) => name.endsWith(samplesEnding));
  for (const name of names.sort()) {
    const left = new LeftRecording(options);
    try {
      await left.readFile(join(folder, name));
    } catch (cause) {
      failures.push(unreadable(cause));
    }
    const session = await left.session();
    if (session !== undefined) sessions.push(session);
  }
  if (names.length === 0) failures.push(nothingLeft());
  return { session: oneSession(sessions, options), failures };
}

/** What one process left. */
class LeftRecording {
  readonly #options: RecorderOptions;
  #recorder: InprocessRecorder | undefined;
  #hello: HelloRequest | undefined;
  #start: StartRequest | undefined;
  #stop: StopRequest | undefined;

  constructor(options: RecorderOptions) {
    this.#options = options;
  }

  async readFile(path: string): Promise<void> {
    const splitter = new LineSplitter(limits.line);
    const descriptor = openSync(path, 'r');
    try {
      const chunk = new Uint8Array(chunkSize);
      for (let length = readSync(descriptor, chunk); length > 0; length = readSync(descriptor, chunk)) {
        // The splitter keeps what has no end yet.
        for (const line of splitter.push(chunk.slice(0, length))) await this.#receive(line);
      }
    } finally {
      closeSync(descriptor);
    }
  }

  /** Undefined where the program had not begun. */
  async session(): Promise<Session | undefined> {
    if (this.#recorder === undefined || this.#start === undefined || this.#stop === undefined) return undefined;
    const session = await this.#recorder.stop(regionEnd(this.#stop, this.#program()));
    return { ...session, meta: { ...session.meta, description: this.#options.description } };
  }

  async #receive(line: string | null): Promise<void> {
    if (line === null) throw new UnreadableRequest(null, 'a line is too long');
    const { request } = parseRequest(line);
    if (request.kind === 'hello' && this.#recorder === undefined) {
      this.#hello = request;
      this.#recorder = new InprocessRecorder(request.pid as Pid, { folder: null, innerFiles: [] });
    } else if (request.kind === 'start' && this.#recorder !== undefined && this.#start === undefined) {
      this.#start = request;
      await this.#recorder.start(regionOptions(request));
    } else if (request.kind === 'samples' && this.#recorder !== undefined) this.#recorder.add(request);
    else if (request.kind === 'stop')
      this.#stop = { ...request, sysPath: request.sysPath ?? this.#stop?.sysPath ?? null };
    else throw new UnreadableRequest(null, `a "${request.kind}" does not belong there`);
  }

  #program(): RegionProgram {
    const { command = [], version = '', sysPath = [], sysPrefixes = [] } = this.#hello ?? {};
    return { command, version, sysPath: this.#stop?.sysPath ?? sysPath, sysPrefixes };
  }
}

function regionOptions({
  region,
  interval,
  thread,
  startTime,
  at,
}: StartRequest): Parameters<InprocessRecorder['start']>[0] {
  return {
    region,
    interval: seconds(interval),
    thread,
    allThreads: true,
    maxSamples: mostRows,
    context: null,
    description: '',
    startCallStack: [],
    startTime: startTime as UnixSeconds,
    at: seconds(at),
  };
}

function regionEnd({ region, at, cpuTime, notes }: StopRequest, program: RegionProgram): RegionEnd {
  return { region, at: seconds(at), cpuTime: seconds(cpuTime), program, notes: notes.slice(0, limits.notes) };
}

function oneSession([first, ...others]: readonly Session[], { description, interval }: RecorderOptions): Session {
  if (first !== undefined) {
    if (others.length === 0) return first;
    const merged = mergeSessions([first, ...others], 'apart');
    return { ...merged, meta: { ...merged.meta, description } };
  }
  return new SessionBuilder().finish({
    description,
    startTime: (Date.now() / 1000) as UnixSeconds,
    duration: seconds(0),
    cpuTime: seconds(0),
    minInterval: interval,
    maxInterval: interval,
    sampleCount: 0,
    engine: 'inprocess',
    startCallStack: [],
    quality: flawlessQuality(0),
    notes: [],
  });
}

function nothingLeft(): TimesinkError {
  return new TimesinkError('NOT_PYTHON', 'no Python process loaded the sampler, so nothing was recorded', {
    hint: 'Pythons that are started with -I, -E or -S do not load it, nor do programs that bring a Python along.',
  });
}

function unreadable(cause: unknown): TimesinkError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new TimesinkError('INVALID_FILE', `a part of the recording could not be read and is missing: ${reason}`, {
    cause,
  });
}
