/** What does the file that a profiler wrote say? */
import { readFileSync } from 'node:fs';
import { decodeSession } from '../src/session/file.ts';
import type { CaptureQuality } from '../src/session/session.ts';

/** Stacks with their weights. */
export interface ProfileFile {
  /** How often the profiler looked at the thread(s) of the file. */
  readonly samples: number;
  /** Sum of the weights: seconds, or samples where the file counts those. */
  readonly weight: number;
  /** Function names of each stack, outermost first, and its weight. */
  readonly records: readonly (readonly [stack: readonly string[], weight: number])[];
  /** What timesink says of its own recording. */
  readonly quality?: CaptureQuality;
}

/** `session`: a `.timesink`. `records`: a `.pyisession`. `folded`: one line per stack. */
export type FileFormat = 'session' | 'records' | 'folded';

/** Reads what a profiler wrote in its format. @throws where there is no such file */
export function readProfile(format: FileFormat, path: string): ProfileFile {
  if (format === 'session') return readOwnSession(path);
  return format === 'records' ? readRecords(path) : readFolded(path);
}

/** Reads the main thread of a `.timesink` file. */
function readOwnSession(path: string): ProfileFile {
  const { frames, stacks, threads, meta } = decodeSession(readFileSync(path), path);
  const main = threads.find(({ process, isMain }) => process === 0 && isMain);
  if (main === undefined) throw new Error('timesink recorded no main thread');
  const weights = new Map<number, number>();
  main.stack.forEach((stack, row) => {
    weights.set(stack, (weights.get(stack) ?? 0) + (main.weight[row] ?? 0));
  });
  const namesOf = (stack: number): readonly string[] => {
    const names: string[] = [];
    for (let at = stack; at >= 0; at = stacks.parent[at] ?? -1) {
      names.push(frames[stacks.frame[at] ?? -1]?.functionName ?? '');
    }
    return names.reverse();
  };
  const records = [...weights].map(([stack, weight]) => [namesOf(stack), weight] as const);
  return { samples: main.sampleCount, weight: sumOf(records), records, quality: meta.quality };
}

/** Reads a `.pyisession`: one thread. */
export function readRecords(path: string): ProfileFile {
  const { sample_count: samples, frame_records: found } = JSON.parse(readFileSync(path, 'utf8')) as {
    readonly sample_count: number;
    readonly frame_records: readonly (readonly [readonly string[], number])[];
  };
  const records = found.map(([stack, weight]) => [stack.map(functionName), weight] as const);
  return { samples, weight: sumOf(records), records };
}

const sumOf = (records: ProfileFile['records']): number => records.reduce((sum, [, weight]) => sum + weight, 0);

const functionName = (frame: string): string => frame.split('\0', 1)[0] ?? '';

/** Reads folded stacks: `outer (file:line);Class.inner (file:line) COUNT` on each line; names lose their class. */
export function readFolded(path: string): ProfileFile {
  const lines = readFileSync(path, 'utf8')
    .split('\n')
    .filter((line) => line !== '');
  const records = lines.map((line) => {
    const end = line.lastIndexOf(' ');
    const stack = line
      .slice(0, end)
      .split(';')
      .map((frame) => (frame.split(' (', 1)[0] ?? '').replace(/^.*\./, ''));
    return [stack, Number(line.slice(end + 1))] as const;
  });
  const weight = sumOf(records);
  return { samples: weight, weight, records };
}

/** Share of the time inside `whole` that was spent in each of `parts` or what it called. */
export function sharesOf(
  profile: ProfileFile,
  whole: string,
  parts: readonly string[],
): { readonly samples: number; readonly shares: readonly number[] } {
  let total = 0;
  const sums = parts.map(() => 0);
  for (const [stack, weight] of profile.records) {
    if (!stack.includes(whole)) continue;
    total += weight;
    parts.forEach((part, i) => {
      if (stack.includes(part)) sums[i] = (sums[i] ?? 0) + weight;
    });
  }
  return { samples: profile.samples * (total / profile.weight), shares: sums.map((sum) => sum / total) };
}
