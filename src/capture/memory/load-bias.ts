/** By how much did the loader move an ELF file in a process? */
import { type ElfImage, segmentType } from './elf.ts';
import type { Mapping } from './maps.ts';

/**
 * Difference between the addresses of a running process and those in the file; 0 for programs linked at fixed addresses.
 *
 * A mapping and a segment that hold the same bytes of the file give a candidate, but neighbouring segments share pages of
 * the file, and a program may map a library a second time as plain data. The candidate that explains most mappings is
 * right; on a tie, the lowest.
 * @param mappings those of this file only
 * @returns undefined when no mapping holds a loadable part
 */
export function loadBias(image: ElfImage, mappings: readonly Mapping[]): number | undefined {
  if (image.isFixed) return 0;
  const loads = image.segments.filter(({ type }) => type === segmentType.load);
  const votes = new Map<number, number>();
  for (const mapping of mappings) {
    const fileEnd = mapping.offset + (mapping.end - mapping.start);
    const seen = new Set<number>();
    for (const load of loads) {
      if (load.offset >= fileEnd || load.offset + load.fileSize <= mapping.offset) continue;
      const bias = mapping.start - mapping.offset - (load.address - load.offset);
      if (bias >= 0 && bias % 4096 === 0) seen.add(bias);
    }
    for (const bias of seen) votes.set(bias, (votes.get(bias) ?? 0) + 1);
  }
  let best: number | undefined;
  for (const [bias, count] of votes) {
    const bestCount = best === undefined ? 0 : (votes.get(best) as number);
    if (count > bestCount || (count === bestCount && best !== undefined && bias < best)) best = bias;
  }
  return best;
}
