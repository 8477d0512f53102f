/** What does the file that a profiler wrote say? */
import { readFileSync } from 'node:fs';

/** Stacks with their weights. */
export interface ProfileFile {
  /** How often the profiler looked at the thread(s) of the file. */
  readonly samples: number;
  /** Sum of the weights: seconds, or samples where the file counts those. */
  readonly weight: number;
  /** Function names of each stack, outermost first, and its weight. */
  readonly records: readonly (readonly [stack: readonly string[], weight: number])[];
}

/** Reads a `.pyisession`, of pyinstrument's or timesink's making: one thread. */
export function readRecords(path: string): ProfileFile {
  const { sample_count: samples, frame_records: found } = JSON.parse(readFileSync(path, 'utf8')) as {
    readonly sample_count: number;
    readonly frame_records: readonly (readonly [readonly string[], number])[];
  };
  const records = found.map(([stack, weight]) => [stack.map(functionName), weight] as const);
  return { samples, weight: records.reduce((sum, [, weight]) => sum + weight, 0), records };
}

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
  const weight = records.reduce((sum, [, count]) => sum + count, 0);
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
