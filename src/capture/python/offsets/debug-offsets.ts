/** What does a CPython newer than the tables say about its own layout? */
import { debugOffsetFields } from './debug-offset-fields.ts';
import { loadOffsets, newestMinor, type OffsetTable } from './index.ts';

const cookie = 'xdebugpy';

/** Bytes of the debug offsets of each minor version; newer ones are read with the newest known layout. */
const sizes: Readonly<Record<number, number>> = { 13: 584, 14: 760, 15: 888 };

/** How long the debug offsets of CPython 3.`minor` (13 or later) are, in bytes. */
export const debugOffsetsSize = (minor: number): number => sizes[minor] ?? (sizes[newestMinor] as number);

/** Whether these bytes, the beginning of `_PyRuntime`, start with debug offsets. */
export const isDebugOffsets = (bytes: Uint8Array): boolean =>
  bytes.length >= 24 && String.fromCharCode(...bytes.subarray(0, cookie.length)) === cookie;

type Values = ReadonlyMap<string, number>;

/**
 * The table of a CPython that has none, newer than the newest known one: that one's, with the fields moved as the debug
 * offsets say. A field that they do not mention is taken to have moved as far as the nearest one before it.
 * @param bytes the debug offsets, as in the process
 * @returns undefined when they cannot have the layout of the newest known version
 */
export async function offsetsFromDebugOffsets(bytes: Uint8Array): Promise<OffsetTable | undefined> {
  if (!isDebugOffsets(bytes)) return undefined;
  const freeThreaded = new DataView(bytes.buffer, bytes.byteOffset, bytes.length).getUint32(16, true) === 1;
  const newest = await loadOffsets(newestMinor, freeThreaded);
  const values = newest && readDebugOffsets(bytes, newest);
  return values && isPlausible(values) ? overlay(newest, values) : undefined;
}

/** The values by name, in the layout of `table`; undefined when they are too few. */
export function readDebugOffsets(bytes: Uint8Array, table: OffsetTable): Values | undefined {
  const names = table.debugOffsets ?? [];
  if (!isDebugOffsets(bytes) || names.length === 0 || bytes.length < names.length * 8) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  return new Map(
    names.map((name, index) => {
      const [low, high] = [view.getUint32(index * 8, true), view.getUint32(index * 8 + 4, true)];
      return [name, low + high * 0x1_0000_0000];
    }),
  );
}

/** Largest believable size of each structure; 64 KiB where not named. */
const largest: Readonly<Record<string, number>> = { runtime_state: 1 << 26, interpreter_state: 1 << 25 };

/**
 * Whether the values can be what their names say: structures of believable size, fields inside them, and what holds for
 * every build of CPython: objects begin with their header, variable-sized ones with their length after it, a linked list
 * node is two pointers. The last stands near the end of the table, so an entry inserted before it is noticed.
 */
export function isPlausible(values: Values): boolean {
  const header = values.get('pyobject.size');
  if (header !== (values.get('free_threaded') === 1 ? 32 : 16)) return false;
  for (const [name, value] of values) {
    if (['cookie', 'version', 'free_threaded'].includes(name)) continue;
    const [struct, field] = name.split('.') as [string, string];
    const isSize = field.endsWith('size');
    const limit = isSize ? (largest[struct] ?? 1 << 16) : (values.get(`${struct}.size`) ?? 1 << 16);
    if (value > limit || (isSize && (value < 16 || value % 4 !== 0))) return false;
    if (['ob_size', 'ob_fval', 'lv_tag', 'length'].includes(field) && value !== header) return false;
  }
  // 3.13 has no lists yet.
  return (values.get('llist_node.next') ?? 0) === 0 && (values.get('llist_node.prev') ?? 8) === 8;
}

/** `base` with every field moved as `values` say. Fields and structs stay the same ones. */
export function overlay(base: OffsetTable, values: Values): OffsetTable {
  const known = knownFields(values);
  const structs = Object.fromEntries(
    Object.entries(base.structs).map(([name, fields]) => [name, moved(fields, known.get(name) ?? new Map())]),
  );
  const hex = values.get('version') ?? 0;
  const version = `${hex >>> 24}.${(hex >>> 16) & 255}`;
  return { ...base, version, source: `debug offsets of the process over ${base.source}`, structs };
}

/** The values as fields of structs, with those that follow from others. */
function knownFields(values: Values): ReadonlyMap<string, Values> {
  const known = new Map<string, Map<string, number>>();
  const set = (struct: string, field: string, value: number): void => {
    const fields = known.get(struct) ?? new Map<string, number>();
    known.set(struct, fields.set(field, value));
  };
  for (const [entry, value] of values) {
    const name = debugOffsetFields.get(entry);
    if (!name) continue;
    set(...name, value);
    // The three kinds of generators have one layout (Include/internal/pycore_interpframe_structs.h, _PyGenObject_HEAD).
    if (name[0] === 'PyGenObject') for (const kind of ['PyCoroObject', 'PyAsyncGenObject']) set(kind, name[1], value);
  }
  const [gc, gil] = [values.get('interpreter_state.gc'), values.get('interpreter_state.gil_runtime_state')];
  for (const field of ['collecting', 'frame']) {
    const within = values.get(`gc.${field}`);
    if (gc !== undefined && within !== undefined) set('PyInterpreterState', `gc.${field}`, gc + within);
  }
  for (const [entry, field] of [
    ['locked', 'locked'],
    ['holder', 'last_holder'],
  ] as const) {
    const at = values.get(`interpreter_state.gil_runtime_state_${entry}`);
    if (gil !== undefined && at !== undefined) set('_gil_runtime_state', field, at - gil);
  }
  return known;
}

function moved(fields: Readonly<Record<string, number>>, known: Values): Readonly<Record<string, number>> {
  const result: Record<string, number> = {};
  let shift = 0;
  for (const [field, offset] of Object.entries(fields).sort(([, a], [, b]) => a - b)) {
    const value = known.get(field);
    if (field === 'sizeof') {
      result[field] = value ?? offset;
      continue;
    }
    if (value !== undefined) shift = value - offset;
    result[field] = offset + shift;
  }
  return result;
}
