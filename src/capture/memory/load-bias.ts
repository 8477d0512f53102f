/** By how much did the loader move an ELF file in a process? */
import { type ElfImage, segmentType } from './elf.ts';
import type { Mapping } from './maps.ts';

/** The smallest page; larger ones are multiples. */
const pageSize = 4096;

/**
 * Difference between the addresses of a running process and those in the file; 0 for programs linked at fixed addresses.
 *
 * A mapping and a segment that hold the same bytes of the file give a candidate, but neighbouring segments share pages of
 * the file, and a program may map a library a second time as plain data. The candidate that explains most mappings is
 * right; a mapping that begins where the segment begins counts double, which decides while loading is under way.
 * @param mappings those of this file only
 * @returns undefined when no mapping holds a loadable part
 */
export function loadBias(image: ElfImage, mappings: readonly Mapping[]): number | undefined {
  if (image.isFixed) return 0;
  const loads = image.segments.filter(({ type }) => type === segmentType.load);
  const votes = new Map<number, number>();
  for (const mapping of mappings) {
    const fileEnd = mapping.offset + (mapping.end - mapping.start);
    const seen = new Map<number, number>();
    for (const load of loads) {
      if (load.offset >= fileEnd || load.offset + load.fileSize <= mapping.offset) continue;
      const bias = mapping.start - mapping.offset - (load.address - load.offset);
      if (bias < 0 || bias % pageSize !== 0) continue;
      const before = load.offset - mapping.offset;
      seen.set(bias, Math.max(seen.get(bias) ?? 1, before >= 0 && before < pageSize ? 2 : 1));
    }
    for (const [bias, weight] of seen) votes.set(bias, (votes.get(bias) ?? 0) + weight);
  }
  return [...votes].reduce<readonly [number | undefined, number]>(
    (best, vote) => (vote[1] > best[1] ? vote : best),
    [undefined, 0],
  )[0];
}
