/** What does a CPU profile of V8 say of the time between its samples? */
import { isAbsent, longestTime, type Place } from './check.ts';
import { NodeReader, type ProfileForm, type V8Nodes } from './cpuprofile-nodes.ts';

/** A profile. Times are microseconds of V8's clock, which is that of `process.hrtime`. */
export interface V8Profile extends V8Nodes {
  /** By sample, in the order of time: position of the node. */
  readonly samples: Int32Array;
  /** By sample: how long it lasts, ≥ 0. */
  readonly weights: Float64Array;
  /** By sample: its line, counted from 1, 0 where unknown; null where the profile says so by node only. */
  readonly sampleLines: Int32Array | null;
  /** Of the first sample. */
  readonly start: number;
}

/** Samples and their moments, in ascending order; the last one lasts until `end`. */
export interface V8Moments {
  readonly samples: Int32Array;
  readonly times: Float64Array;
  readonly sampleLines: Int32Array | null;
  readonly end: number;
}

/** In microseconds. */
const longest = longestTime * 1e6;

/**
 * Reads a Profiler.Profile of V8's inspector protocol, as Chrome, Node.js, Deno and Bun write it. Nodes name their children
 * or their parents. A sample lasts until the next one, the last one until the profile's end; what came before the first is
 * the profiler's own start and left out. Without samples, each node lasts as long as its share of all hits.
 *
 * In our own form a sample's weight is its entry of `timeDeltas`.
 * @throws TimesinkError INVALID_FILE
 */
export function readProfile(place: Place, form: ProfileForm): V8Profile {
  const reader = new NodeReader(form);
  const nodePlace = place.at('nodes');
  const { length } = nodePlace.list();
  for (let node = 0; node < length; node++) reader.add(nodePlace.entry(node));
  reader.addChildren(nodePlace);
  const nodes = reader.finish(nodePlace);
  const start = readMoment(place.at('startTime'), 0);
  if (isAbsent(place.at('samples'))) {
    const end = readMoment(place.at('endTime'), start);
    return { ...nodes, ...samplesOfHits(reader.hits, Math.max(0, end - start)), start };
  }
  const samplePlace = place.at('samples');
  const samples = reader.indicesOf(samplePlace);
  const deltaPlace = place.at('timeDeltas');
  if (deltaPlace.list().length !== samples.length) {
    const found = deltaPlace.list().length;
    throw deltaPlace.invalid(`expected ${samples.length} entries, one for each sample, found ${found}`);
  }
  if (form === 'own') return { ...nodes, samples, weights: readWeights(deltaPlace), sampleLines: null, start };
  const times = readTimes(deltaPlace, start);
  const end = readMoment(place.at('endTime'), Number.NEGATIVE_INFINITY);
  return { ...nodes, ...lasting({ samples, times, sampleLines: null, end }) };
}

/**
 * How long samples last that are known by their moments. V8 may write them in another order than they were taken, with
 * negative times between them: they are put in order.
 */
export function lasting(moments: V8Moments): Omit<V8Profile, keyof V8Nodes> {
  const { samples, times, sampleLines, end } = inOrder(moments);
  const weights = times.map((time, sample) => Math.max(0, (times[sample + 1] ?? Math.max(time, end)) - time));
  return { samples, weights, sampleLines, start: times[0] ?? 0 };
}

function inOrder(moments: V8Moments): V8Moments {
  const { samples, times, sampleLines } = moments;
  if (times.every((time, sample) => sample === 0 || time >= (times[sample - 1] as number))) return moments;
  const order = Array.from(times.keys()).sort((a, b) => (times[a] as number) - (times[b] as number) || a - b);
  return {
    ...moments,
    samples: Int32Array.from(order, (sample) => samples[sample] as number),
    times: Float64Array.from(order, (sample) => times[sample] as number),
    sampleLines: sampleLines === null ? null : Int32Array.from(order, (sample) => sampleLines[sample] as number),
  };
}

/**
 * Moments, from the times between them; the first counts from `start`.
 * @throws TimesinkError INVALID_FILE
 */
export function readTimes(deltas: Place, start: number): Float64Array {
  const list = deltas.list();
  const times = new Float64Array(list.length);
  let time = start;
  for (let sample = 0; sample < list.length; sample++) {
    const delta = list[sample];
    time += typeof delta === 'number' ? delta : deltas.entry(sample).number();
    if (!(Math.abs(time) <= longest)) throw deltas.entry(sample).invalid('the time is too large');
    times[sample] = time;
  }
  return times;
}

/** @throws TimesinkError INVALID_FILE */
export function readMoment(place: Place, otherwise: number): number {
  if (isAbsent(place)) return otherwise;
  const value = place.number();
  if (Math.abs(value) > longest) throw place.invalid('the time is too large');
  return value;
}

function readWeights(deltas: Place): Float64Array {
  const list = deltas.list();
  return Float64Array.from(list, (value, sample) => {
    if (typeof value === 'number' && value >= 0 && value <= longest) return value;
    const place = deltas.entry(sample);
    if (place.amount() > longest) throw place.invalid('the time is too large');
    return place.amount();
  });
}

/** A sample for each node that was hit, in the order of the nodes. */
function samplesOfHits(hits: readonly number[], whole: number): Omit<V8Profile, keyof V8Nodes | 'start'> {
  const nodes = hits.flatMap((count, node) => (count > 0 ? [node] : []));
  const total = hits.reduce((sum, count) => sum + count, 0);
  const weights = Float64Array.from(nodes, (node) => whole * ((hits[node] as number) / total));
  return { samples: Int32Array.from(nodes), weights, sampleLines: null };
}
