/** Where are the fields of CPython's structures? One table per minor version, as data. */
import v3_8 from './tables/3.8.json' with { type: 'json' };
import v3_9 from './tables/3.9.json' with { type: 'json' };
import v3_10 from './tables/3.10.json' with { type: 'json' };
import v3_11 from './tables/3.11.json' with { type: 'json' };
import v3_12 from './tables/3.12.json' with { type: 'json' };
import v3_13 from './tables/3.13.json' with { type: 'json' };
import v3_13t from './tables/3.13t.json' with { type: 'json' };
import v3_14 from './tables/3.14.json' with { type: 'json' };
import v3_14t from './tables/3.14t.json' with { type: 'json' };
import v3_15 from './tables/3.15.json' with { type: 'json' };
import v3_15t from './tables/3.15t.json' with { type: 'json' };

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

/** All are part of the recorder: loading one takes longer than a short program runs. */
const tables: Readonly<Record<string, OffsetTable>> = {
  '3.8': v3_8,
  '3.9': v3_9,
  '3.10': v3_10,
  '3.11': v3_11,
  '3.12': v3_12,
  '3.13': v3_13,
  '3.13t': v3_13t,
  '3.14': v3_14,
  '3.14t': v3_14t,
  '3.15': v3_15,
  '3.15t': v3_15t,
};

/** First and last minor version of CPython 3 that has a table. */
export const oldestMinor = 8;
export const newestMinor = 15;

/** The table of CPython 3.`minor`, or undefined where there is none. */
export async function loadOffsets(minor: number, freeThreaded: boolean): Promise<OffsetTable | undefined> {
  return tables[`3.${minor}${freeThreaded ? 't' : ''}`];
}

/** Offset of a field that the version is known to have. @throws RangeError when the table lacks it */
export function offsetOf(table: OffsetTable, struct: string, field: string): number {
  const offset = table.structs[struct]?.[field];
  if (offset === undefined) throw new RangeError(`CPython ${table.version} has no ${struct}.${field}`);
  return offset;
}
