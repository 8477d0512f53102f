/** Python objects read from outside: strings, type names, tuples, dicts. Whatever is garbage reads as undefined. */
import { type Address, isObjectAddress, type ProcessMemory } from '../../memory/process-memory.ts';
import type { Layout } from './layout.ts';

/** Characters of a string that are read: names and paths are shorter. What claims to be much longer is no string. */
const longestString = 4096;
const believableString = 2 ** 31;
/** `tp_flags` bit of `str` and its subclasses (Include/object.h, Py_TPFLAGS_UNICODE_SUBCLASS). */
const stringSubclass = 1 << 28;
const mostStringTypes = 100;
/** Most entries of a dict, tuple or list that are looked at. */
const mostEntries = 20_000;
/** `tp_flags` bit of types that are no static data of a library (Include/object.h, Py_TPFLAGS_HEAPTYPE). */
const heapType = 1 << 9;

/** Read at once: the head of a string and, of nearly all, the text; what is larger takes a second read. */
const stringRead = 320;

const decodeUcs2 = new TextDecoder('utf-16le');
const decodeUtf8 = new TextDecoder('utf-8', { fatal: true });

/** Reads objects of one process. Slow next to the sampler's own reads: for things looked up once and cached. */
export class ObjectReader {
  readonly memory: ProcessMemory;
  readonly layout: Layout;
  readonly #typeNames = new Map<Address, string>();
  readonly #stringTypes = new Set<Address>();

  constructor(memory: ProcessMemory, layout: Layout) {
    this.memory = memory;
    this.layout = layout;
  }

  /** Address of the object's type, or 0. */
  typeOf(object: Address): Address {
    return isObjectAddress(object) ? this.memory.pointer(object + this.layout.object.type) : 0;
  }

  /**
   * `tp_name` of a type: for builtin types with the module in front, such as `decimal.Decimal`. A class's is read every time:
   * the class may be gone, and another one be at its address.
   */
  typeName(type: Address): string | undefined {
    return this.#typeNames.get(type) ?? this.#readTypeName(type, false);
  }

  /** The same of a type that is static data of a library, as most of C are; undefined, after one read, for any other. */
  staticTypeName(type: Address): string | undefined {
    return this.#typeNames.get(type) ?? this.#readTypeName(type, true);
  }

  #readTypeName(type: Address, onlyFixed: boolean): string | undefined {
    const { typeName, typeFlags } = this.layout.object;
    if (!isObjectAddress(type) || !this.memory.fetch(type, typeFlags + 8)) return undefined;
    const isFixed = (this.memory.view.getUint32(typeFlags, true) & heapType) === 0;
    if (onlyFixed && !isFixed) return undefined;
    const name = this.cString(this.memory.pointerAt(typeName));
    if (name !== undefined && isFixed) {
      if (this.#typeNames.size >= mostEntries) this.#typeNames.clear();
      this.#typeNames.set(type, name);
    }
    return name;
  }

  /** Name of the object's type without its module. */
  shortTypeName(object: Address): string | undefined {
    const name = this.typeName(this.typeOf(object));
    return name?.slice(name.lastIndexOf('.') + 1);
  }

  /** The zero-terminated string at `address`, at most 255 bytes, when it is printable UTF-8. */
  cString(address: Address): string | undefined {
    const bytes = new Uint8Array(256);
    const read = this.memory.read(address, bytes);
    const end = bytes.subarray(0, read).indexOf(0);
    if (end <= 0) return undefined;
    try {
      return decodeUtf8.decode(bytes.subarray(0, end));
    } catch {
      return undefined;
    }
  }

  /** The text of a `str`, or its first 4096 characters. @returns undefined where the object is not one */
  string(object: Address): string | undefined {
    const { memory, layout } = this;
    const at = layout.object;
    if (!isObjectAddress(object)) return undefined;
    const read = memory.read(object, memory.bytes, stringRead);
    if (read < at.compactData) return undefined;
    const type = memory.pointerAt(at.type);
    const length = memory.pointerAt(at.stringLength);
    const state = memory.view.getUint32(at.stringState, true);
    const width = (state >> 2) & 7;
    const [compact, ascii] = [state & 32, state & 64];
    if (!compact || length > believableString || (width !== 1 && width !== 2 && width !== 4)) return undefined;
    const size = Math.min(length, longestString) * width;
    const text = this.part(object, ascii ? at.asciiData : at.compactData, size, read);
    if (!text || !this.#isStringType(type)) return undefined;
    if (width === 1) return Buffer.from(text.buffer).toString('latin1');
    return width === 2 ? decodeUcs2.decode(text) : decodeUcs4(text);
  }

  /** `size` bytes from `start` of an object of which `read` bytes were just read; undefined where they cannot all be. */
  part(object: Address, start: number, size: number, read: number): Uint8Array<ArrayBuffer> | undefined {
    if (start + size <= read) return this.memory.bytes.slice(start, start + size);
    const bytes = new Uint8Array(size);
    return this.memory.read(object + start, bytes) === size ? bytes : undefined;
  }

  #isStringType(type: Address): boolean {
    if (this.#stringTypes.has(type)) return true;
    const flags = this.memory.uint32(type + this.layout.object.typeFlags);
    if (flags < 0 || (flags & stringSubclass) === 0) return false;
    if (this.#stringTypes.size < mostStringTypes) this.#stringTypes.add(type);
    return true;
  }

  /** A non-negative `int` below 2^60 (Include/cpython/longintrepr.h: digits of 30 bits). */
  integer(object: Address): number | undefined {
    if (!isObjectAddress(object) || !this.memory.fetch(object, 32)) return undefined;
    const long = this.layout.structs['PyLongObject'] ?? {};
    const tagAt = long['long_value.lv_tag'];
    const digitsAt = long['long_value.ob_digit'] ?? long['ob_digit'] ?? 24;
    const word = this.memory.pointerAt(tagAt ?? this.layout.object.variableSize);
    // 3.12+: the two lowest bits are the sign (0 is +, 1 zero), the next one a mark, the count of digits stands above.
    if (tagAt !== undefined && word % 4 !== 0) return word % 4 === 1 ? 0 : undefined;
    const digits = tagAt === undefined ? word : Math.floor(word / 8);
    if (digits > 2) return undefined;
    const low = digits > 0 ? this.memory.view.getUint32(digitsAt, true) : 0;
    return low + (digits > 1 ? this.memory.view.getUint32(digitsAt + 4, true) * 2 ** 30 : 0);
  }

  /** Contents of a `bytes` object of at most `most` bytes. */
  bytes(object: Address, most: number): Uint8Array | undefined {
    const { memory, layout } = this;
    if (!isObjectAddress(object)) return undefined;
    const read = memory.read(object, memory.bytes);
    if (read < layout.object.bytesData) return undefined;
    const size = memory.pointerAt(layout.object.variableSize);
    return size > most ? undefined : this.part(object, layout.object.bytesData, size, read);
  }

  /** Addresses of a tuple's items. */
  tuple(object: Address): readonly Address[] {
    const { memory, layout } = this;
    const { tupleItems, variableSize } = layout.object;
    if (!isObjectAddress(object)) return [];
    const read = memory.read(object, memory.bytes);
    if (read < tupleItems) return [];
    const count = Math.min(memory.pointerAt(variableSize), mostEntries);
    if (tupleItems + count * 8 > read) return this.#pointers(object + tupleItems, count);
    return Array.from({ length: count }, (_, index) => memory.pointerAt(tupleItems + index * 8));
  }

  /** Addresses of a list's items. */
  list(object: Address): readonly Address[] {
    if (!isObjectAddress(object)) return [];
    return this.#pointers(this.memory.pointer(object + this.layout.object.listItems), this.#size(object));
  }

  /** A `dict`'s values by their `str` keys; other keys are left out. */
  dict(object: Address): ReadonlyMap<string, Address> {
    const entries = new Map<string, Address>();
    for (const [key, value] of this.dictEntries(object)) {
      const name = this.string(key);
      if (name !== undefined) entries.set(name, value);
    }
    return entries;
  }

  /** Keys and values of a `dict` (Objects/dictobject.c: combined and split tables, 3.8–3.15). */
  *dictEntries(object: Address): Generator<readonly [Address, Address]> {
    const dict = this.layout.structs['PyDictObject'];
    const keysAt = this.layout.structs['PyDictKeysObject'];
    if (!dict || !keysAt || !isObjectAddress(object)) return;
    const keys = this.memory.pointer(object + (dict['ma_keys'] ?? 0));
    const splitValues = this.memory.pointer(object + (dict['ma_values'] ?? 0));
    yield* this.keyEntries(keys, splitValues && splitValues + (this.layout.structs['PyDictValues']?.['values'] ?? 0));
  }

  /** Entries of a keys object, with values from an array elsewhere when `values` is not 0. */
  *keyEntries(keys: Address, values: Address): Generator<readonly [Address, Address]> {
    const at = this.layout.structs['PyDictKeysObject'] ?? {};
    if (!isObjectAddress(keys) || !this.memory.fetch(keys, 64)) return;
    const view = this.memory.view;
    const count = Math.min(this.memory.pointerAt(at['dk_nentries'] ?? 0), mostEntries);
    const logIndexBytes = at['dk_log2_index_bytes'];
    let indexBytes: number;
    if (logIndexBytes !== undefined) indexBytes = 2 ** Math.min(this.memory.bytes[logIndexBytes] ?? 0, 30);
    else {
      const size = this.memory.pointerAt(at['dk_size'] ?? 0);
      indexBytes = size * (size <= 0xff ? 1 : size <= 0xffff ? 2 : size <= 0xffff_ffff ? 4 : 8);
    }
    const hasHash = at['dk_kind'] === undefined || view.getUint8(at['dk_kind']) === 0;
    const width = hasHash ? 24 : 16;
    const table = new DataView(new ArrayBuffer(count * width));
    const read = this.memory.read(keys + (at['dk_indices'] ?? 0) + indexBytes, bytesOf(table));
    const split = new DataView(new ArrayBuffer(values ? count * 8 : 0));
    const valuesRead = this.memory.read(values, bytesOf(split));
    for (let entry = 0; (entry + 1) * width <= read; entry++) {
      const key = pointerIn(table, entry * width + (hasHash ? 8 : 0));
      if (values && (entry + 1) * 8 > valuesRead) return;
      const value = values ? pointerIn(split, entry * 8) : pointerIn(table, entry * width + width - 8);
      if (key && value) yield [key, value];
    }
  }

  /** Attributes that an instance keeps for itself (its `__dict__`, wherever this version puts it). */
  attributes(object: Address): ReadonlyMap<string, Address> {
    const type = this.typeOf(object);
    const typeAt = this.layout.structs['PyTypeObject'] ?? {};
    if (!type) return new Map();
    const flags = this.memory.uint32(type + (typeAt['tp_flags'] ?? 0));
    const { minor } = this.layout;
    // Managed dicts: Objects/object.c and Include/internal/pycore_object.h of each version.
    if (minor < 11 || (flags & 16) === 0) {
      const offset = this.memory.pointer(type + (typeAt['tp_dictoffset'] ?? 0));
      return offset > 0 && offset < 65_536 ? this.dict(this.memory.pointer(object + offset)) : new Map();
    }
    const word = this.memory.pointer(object - 24);
    if (minor === 11) {
      const values = this.memory.pointer(object - 32);
      return values ? this.#cachedKeys(type, values) : this.dict(word);
    }
    if (minor === 12) return word % 2 === 1 ? this.#cachedKeys(type, word + 1) : this.dict(word);
    if (word) return this.dict(word);
    const basicSize = this.memory.pointer(type + (typeAt['tp_basicsize'] ?? 0));
    const values = object + basicSize + (this.layout.structs['PyDictValues']?.['values'] ?? 8);
    return flags & 4 ? this.#cachedKeys(type, values) : new Map();
  }

  #cachedKeys(type: Address, values: Address): ReadonlyMap<string, Address> {
    const keys = this.memory.pointer(type + (this.layout.structs['PyHeapTypeObject']?.['ht_cached_keys'] ?? 0));
    const entries = new Map<string, Address>();
    for (const [key, value] of this.keyEntries(keys, values)) {
      const name = this.string(key);
      if (name !== undefined) entries.set(name, value);
    }
    return entries;
  }

  #size(object: Address): number {
    return Math.min(this.memory.pointer(object + this.layout.object.variableSize), mostEntries);
  }

  #pointers(address: Address, count: number): Address[] {
    const bytes = new Uint8Array(count * 8);
    const read = this.memory.read(address, bytes);
    const words = new Uint32Array(bytes.buffer, 0, read >> 2);
    return Array.from(
      { length: read >> 3 },
      (_, index) => (words[index * 2] as number) + (words[index * 2 + 1] as number) * 2 ** 32,
    );
  }
}

const bytesOf = (view: DataView<ArrayBuffer>): Uint8Array => new Uint8Array(view.buffer);

const pointerIn = (view: DataView, offset: number): Address =>
  view.getUint32(offset, true) + view.getUint32(offset + 4, true) * 2 ** 32;

function decodeUcs4(bytes: Uint8Array): string {
  let text = '';
  for (const point of new Uint32Array(bytes.buffer, bytes.byteOffset, bytes.length >> 2)) {
    text += point <= 0x10ffff ? String.fromCodePoint(point) : '\ufffd';
  }
  return text;
}
