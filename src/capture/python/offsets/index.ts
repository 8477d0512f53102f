/** Where are the fields of CPython's structures? One table per minor version, as data. */

/** Place of a bit field inside the word that holds it, counted from the least significant bit. */
export interface BitField {
  readonly shift: number;
  readonly width: number;
}

/**
 * Layout of one CPython minor version on 64-bit Linux. Names of structs, fields and constants are CPython's own; a field
 * or struct that the version lacks is absent. `structs[name].sizeof` is the size in bytes, all else byte offsets.
 */
export interface OffsetTable {
  /** Such as `3.13`. */
  readonly version: string;
  readonly freeThreaded: boolean;
  /** Where the numbers come from. */
  readonly source: string;
  readonly structs: Readonly<Record<string, Readonly<Record<string, number>>>>;
  /** Keyed by `Struct.field` of the containing word. */
  readonly bitfields: Readonly<Record<string, Readonly<Record<string, BitField>>>>;
  readonly constants: Readonly<Record<string, number>>;
  /** 3.13 and later: what the 64-bit words at the start of `_PyRuntime` (`_Py_DebugOffsets`) mean, in order. */
  readonly debugOffsets?: readonly string[];
}

const tables: Readonly<Record<string, () => Promise<{ readonly default: OffsetTable }>>> = {
  '3.8': () => import('./tables/3.8.json', { with: { type: 'json' } }),
  '3.9': () => import('./tables/3.9.json', { with: { type: 'json' } }),
  '3.10': () => import('./tables/3.10.json', { with: { type: 'json' } }),
  '3.11': () => import('./tables/3.11.json', { with: { type: 'json' } }),
  '3.12': () => import('./tables/3.12.json', { with: { type: 'json' } }),
  '3.13': () => import('./tables/3.13.json', { with: { type: 'json' } }),
  '3.13t': () => import('./tables/3.13t.json', { with: { type: 'json' } }),
  '3.14': () => import('./tables/3.14.json', { with: { type: 'json' } }),
  '3.14t': () => import('./tables/3.14t.json', { with: { type: 'json' } }),
  '3.15': () => import('./tables/3.15.json', { with: { type: 'json' } }),
  '3.15t': () => import('./tables/3.15t.json', { with: { type: 'json' } }),
};

/** First and last minor version of CPython 3 that has a table. */
export const oldestMinor = 8;
export const newestMinor = 15;

/** The table of CPython 3.`minor`, or undefined where there is none. */
export async function loadOffsets(minor: number, freeThreaded: boolean): Promise<OffsetTable | undefined> {
  const load = tables[`3.${minor}${freeThreaded ? 't' : ''}`];
  return load && (await load()).default;
}

/** Offset of a field that the version is known to have. @throws RangeError when the table lacks it */
export function offsetOf(table: OffsetTable, struct: string, field: string): number {
  const offset = table.structs[struct]?.[field];
  if (offset === undefined) throw new RangeError(`CPython ${table.version} has no ${struct}.${field}`);
  return offset;
}
