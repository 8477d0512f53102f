/** Which CPU profiles does a trace of Chrome hold? One for each thread, in pieces. */
import { isAbsent, type Place } from './check.ts';
import { NodeReader } from './cpuprofile-nodes.ts';
import { lasting, readMoment, readTimes, type V8Profile } from './cpuprofile-profile.ts';

/** One thread of a trace. */
export interface TracedProfile {
  readonly profile: V8Profile;
  readonly pid: number;
  readonly tid: number;
  /** `''` where the trace does not say. */
  readonly threadName: string;
}

/** Threads: far more than a trace has. */
const maxProfiles = 2 ** 10;

/** Main threads of tabs, first among the threads of a trace. */
const mainThreads: ReadonlySet<string> = new Set(['CrRendererMain', 'CrBrowserMain', 'MainThread']);

interface Pieces {
  readonly begin: Place;
  readonly chunks: Place[];
}

/**
 * Reads the `Profile` and `ProfileChunk` events of Chrome's trace format, the main threads of tabs first.
 * @param place of the events' list
 * @throws TimesinkError INVALID_FILE
 */
export function readTrace(place: Place): readonly TracedProfile[] {
  const pieces = new Map<string, Pieces>();
  const names = new Map<string, string>();
  const { length } = place.list();
  for (let index = 0; index < length; index++) {
    const event = place.list()[index] as Readonly<Record<string, unknown>> | null;
    const name = typeof event === 'object' && event !== null ? event['name'] : undefined;
    if (name === 'thread_name') addName(place.entry(index), names);
    else if (name === 'Profile' || name === 'ProfileChunk') addPiece(place.entry(index), name, pieces);
  }
  if (pieces.size === 0) throw place.invalid('there is no CPU profile among the events');
  return [...pieces.values()]
    .map((own) => readPieces(own, names))
    .sort((a, b) => Number(mainThreads.has(b.threadName)) - Number(mainThreads.has(a.threadName)));
}

function addName(event: Place, names: Map<string, string>): void {
  const name = event.at('args').at('name');
  if (typeof name.value === 'string') names.set(`${event.at('pid').value}:${event.at('tid').value}`, name.value);
}

/** A profile's pieces share its id; they are written by another thread than the one they are of. */
function addPiece(event: Place, name: 'Profile' | 'ProfileChunk', pieces: Map<string, Pieces>): void {
  const key = `${event.at('pid').count()}:${String(event.at('id').value)}`;
  const known = pieces.get(key);
  if (name === 'ProfileChunk') known?.chunks.push(event);
  else if (known === undefined && pieces.size < maxProfiles) pieces.set(key, { begin: event, chunks: [] });
}

function readPieces({ begin, chunks }: Pieces, names: ReadonlyMap<string, string>): TracedProfile {
  const [pid, tid] = [begin.at('pid').count(), begin.at('tid').count()];
  const reader = new NodeReader('foreign');
  const [samples, times, lines] = [[] as number[], [] as number[], [] as number[]];
  let time = readMoment(begin.at('args').at('data').at('startTime'), 0);
  let end = Number.NEGATIVE_INFINITY;
  for (const chunk of chunks) {
    const data = chunk.at('args').at('data');
    const own = readChunk(data, reader, time);
    for (const node of own.samples) samples.push(node);
    for (const moment of own.times) times.push(moment);
    for (const line of own.lines) lines.push(line);
    time = own.times.at(-1) ?? time;
    const endTime = data.at('endTime');
    if (!isAbsent(endTime)) end = readMoment(endTime, end);
  }
  const nodes = reader.finish(begin);
  const sampleLines = lines.some((line) => line > 0) ? Int32Array.from(lines) : null;
  const moments = { samples: Int32Array.from(samples), times: Float64Array.from(times), sampleLines, end };
  return { profile: { ...nodes, ...lasting(moments) }, pid, tid, threadName: names.get(`${pid}:${tid}`) ?? '' };
}

interface Chunk {
  readonly samples: Int32Array;
  readonly times: Float64Array;
  readonly lines: readonly number[];
}

const emptyChunk: Chunk = { samples: new Int32Array(0), times: new Float64Array(0), lines: [] };

function readChunk(data: Place, reader: NodeReader, start: number): Chunk {
  const profile = data.at('cpuProfile');
  if (isAbsent(profile)) return emptyChunk;
  const nodes = profile.at('nodes');
  if (!isAbsent(nodes)) for (const node of nodes.entries()) reader.add(node);
  const samplePlace = profile.at('samples');
  if (isAbsent(samplePlace)) return emptyChunk;
  const samples = reader.indicesOf(samplePlace);
  const times = readTimes(data.at('timeDeltas'), start);
  if (times.length !== samples.length) {
    throw data
      .at('timeDeltas')
      .invalid(`expected ${samples.length} entries, one for each sample, found ${times.length}`);
  }
  const lines = data.at('lines');
  const list = isAbsent(lines) ? [] : lines.list();
  return { samples, times, lines: Array.from(samples, (_, sample) => lineOf(list[sample])) };
}

function lineOf(value: unknown): number {
  return typeof value === 'number' && Number.isInteger(value) && value > 0 && value < 2 ** 30 ? value : 0;
}
