/** What is known of several recordings together? */
import { addCounts, addSeconds, longest, type OneOrMore, shortest } from './merge-sums.ts';
import type { CaptureQuality, SessionMeta } from './session.ts';
import { type Seconds, seconds } from './units.ts';

/** `apart`: side by side on one clock. `summed`: one after the other, what is the same thread as one thread. */
export type MergeMode = 'apart' | 'summed';

/** Title lines say no more names than this. */
const mostDescriptions = 3;

const summedNote = 'Several recordings, added up: times are sums over all of them.';
const mixedNote = 'Parts of this session were recorded in different ways.';

/**
 * Where each recording begins on the common clock: `apart` as it was, seen from the earliest; one that does not say when it
 * began (0 or less) begins with it. `summed`: when those before it have ended.
 */
export function clockOffsets(metas: readonly SessionMeta[], how: MergeMode): readonly Seconds[] {
  if (how === 'summed') {
    let ended = seconds(0);
    return metas.map(({ duration }) => {
      const start = ended;
      ended = addSeconds([ended, duration]);
      return start;
    });
  }
  const known = metas.map(({ startTime }) => startTime).filter((time) => time > 0);
  const earliest = known.reduce((least, time) => Math.min(least, time), Number.MAX_VALUE);
  return metas.map(({ startTime }) => seconds(startTime > 0 ? startTime - earliest : 0));
}

/**
 * Everything but the place that started the recording.
 * @param metas earliest first
 * @param offsets as `clockOffsets` gives them
 */
export function mergeMeta(
  metas: OneOrMore<SessionMeta>,
  offsets: readonly Seconds[],
  how: MergeMode,
): Omit<SessionMeta, 'startCallStack' | 'startCallLines'> {
  const [first] = metas;
  const ends = metas.map(({ duration }, index) => addSeconds([offsets[index] ?? seconds(0), duration]));
  const earliest = metas.find((meta, index) => offsets[index] === 0 && meta.startTime > 0) ?? first;
  const [description, startTime, duration] =
    how === 'summed'
      ? [first.description, first.startTime, addSeconds(metas.map((meta) => meta.duration))]
      : [joinDescriptions(metas.map((meta) => meta.description)), earliest.startTime, longest(ends)];
  return {
    description,
    startTime,
    duration,
    cpuTime: addSeconds(metas.map((meta) => meta.cpuTime)),
    minInterval: shortest(metas.map((meta) => meta.minInterval)),
    maxInterval: longest(metas.map((meta) => meta.maxInterval)),
    sampleCount: addCounts(metas.map((meta) => meta.sampleCount)),
    engine: metas.find((meta) => meta.engine !== 'file')?.engine ?? 'file',
    quality: mergeQuality(metas.map((meta) => meta.quality)),
    notes: mergeNotes(metas, how),
  };
}

function joinDescriptions(descriptions: readonly string[]): string {
  const different = [...new Set(descriptions)];
  const named = different.length > mostDescriptions ? different.slice(0, mostDescriptions - 1) : different;
  const rest = different.length - named.length;
  return named.join(' + ') + (rest === 0 ? '' : ` + ${rest} more`);
}

function mergeNotes(metas: readonly SessionMeta[], how: MergeMode): readonly string[] {
  const isMixed = new Set(metas.map((meta) => meta.engine)).size > 1;
  return [
    ...new Set([
      ...(how === 'summed' && metas.length > 1 ? [summedNote] : []),
      ...(isMixed ? [mixedNote] : []),
      ...metas.flatMap((meta) => meta.notes),
    ]),
  ];
}

function mergeQuality(all: readonly CaptureQuality[]): CaptureQuality {
  return {
    ticks: addCounts(all.map((quality) => quality.ticks)),
    missedTicks: addCounts(all.map((quality) => quality.missedTicks)),
    samples: addCounts(all.map((quality) => quality.samples)),
    incompleteSamples: addCounts(all.map((quality) => quality.incompleteSamples)),
    retries: addCounts(all.map((quality) => quality.retries)),
    notSampled: addSeconds(all.map((quality) => quality.notSampled)),
    unseenProcesses: addCounts(all.map((quality) => quality.unseenProcesses)),
  };
}
