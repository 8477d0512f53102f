/** Which value does a context hold for one context variable? Looks it up in the hash trie of another process. */
import { type Address, isObjectAddress } from '../../memory/process-memory.ts';
import type { ObjectReader } from '../objects/objects.ts';

/** Bytes read of a node at once: enough for each but nodes of many equal hashes. */
const nodeRoom = 304;
/** Bits of the hash that each level takes; after the last level that has any, only equal hashes are left. */
const bitsPerLevel = 5;
const lastShift = 30;
/** Most variables of one hash that are looked through. */
const mostEqualHashes = 1024;
/** Times that a look-up starts over when the context has got another table meanwhile. */
const mostTries = 3;

type NodeKind = 'bitmap' | 'array' | 'collision';

const kindOfType: Readonly<Record<string, NodeKind>> = {
  hamt_bitmap_node: 'bitmap',
  hamt_array_node: 'array',
  hamt_collision_node: 'collision',
};

/** One `contextvars.ContextVar` of one process (Python/context.c, Python/hamt.c, 3.8–3.15). */
export class ContextVariable {
  readonly address: Address;
  readonly #reader: ObjectReader;
  readonly #room = new DataView(new ArrayBuffer(nodeRoom));
  readonly #roomBytes = new Uint8Array(this.#room.buffer);
  readonly #kinds = new Map<Address, NodeKind>();
  #hash: number | undefined;

  /** @param address of the variable, `id()` of it in Python */
  constructor(reader: ObjectReader, address: Address) {
    this.#reader = reader;
    this.address = address;
  }

  /** Address of the value in `context`; 0 where it has none; undefined where that cannot be read. */
  valueIn(context: Address): Address | undefined {
    if (context === 0) return 0;
    this.#hash ??= this.#readHash();
    const hash = this.#hash;
    if (hash === undefined || !isObjectAddress(context)) return undefined;
    const { memory, layout } = this.#reader;
    const tableAt = context + (layout.structs['PyContext']?.['ctx_vars'] ?? 0);
    let table = memory.pointer(tableAt);
    for (let tries = 0; tries < mostTries; tries++) {
      const value = this.#find(table, hash);
      // Setting any variable gives the context another table, and frees nodes of the one before.
      const now = memory.pointer(tableAt);
      if (now === table) return value;
      table = now;
    }
    return undefined;
  }

  /** Both halves of the hash folded into 32 bits (Python/hamt.c, hamt_hash); −1 stands for an error there. */
  #readHash(): number | undefined {
    const { memory, layout } = this.#reader;
    const at = layout.structs['PyContextVar']?.['var_hash'];
    if (at === undefined || !isObjectAddress(this.address) || !memory.fetch(this.address + at, 8)) return undefined;
    const folded = memory.view.getInt32(0, true) ^ memory.view.getInt32(4, true);
    return (folded === -1 ? -2 : folded) >>> 0;
  }

  #find(table: Address, hash: number): Address | undefined {
    const { memory, layout } = this.#reader;
    if (!isObjectAddress(table)) return undefined;
    let node = memory.pointer(table + (layout.structs['PyHamtObject']?.['h_root'] ?? 0));
    for (let shift = 0; isObjectAddress(node); shift += bitsPerLevel) {
      const read = memory.read(node, this.#roomBytes);
      const kind = this.#kindOf(this.#pointerAt(layout.object.type, read));
      if (kind === undefined) return undefined;
      if (kind === 'collision') return this.#inCollision(node, read);
      if (shift > lastShift) return undefined;
      const index = (hash >>> shift) & 31;
      const child = kind === 'array' ? this.#inArray(index, read) : this.#inBitmap(index, read);
      if (child === undefined || child.isValue) return child?.address;
      node = child.address;
    }
    // An empty slot of an array node.
    return node === 0 ? 0 : undefined;
  }

  #inArray(index: number, read: number): Child | undefined {
    const at = (this.#reader.layout.structs['PyHamtNode_Array']?.['a_array'] ?? 0) + index * 8;
    const address = this.#pointerAt(at, read);
    return address === undefined ? undefined : { isValue: address === 0, address };
  }

  /** Pairs of key and value for each bit that is set; where the key is NULL, the value is a node. */
  #inBitmap(index: number, read: number): Child | undefined {
    const { b_bitmap: bitmapAt = 0, b_array: pairsAt = 0 } = this.#reader.layout.structs['PyHamtNode_Bitmap'] ?? {};
    if (read < pairsAt) return undefined;
    const bitmap = this.#room.getUint32(bitmapAt, true);
    const bit = 2 ** index;
    if ((bitmap & bit) === 0) return { isValue: true, address: 0 };
    const pair = pairsAt + bitCount(bitmap & (bit - 1)) * 16;
    const key = this.#pointerAt(pair, read);
    const value = this.#pointerAt(pair + 8, read);
    if (key === undefined || value === undefined) return undefined;
    if (key === 0) return { isValue: false, address: value };
    return { isValue: true, address: key === this.address ? value : 0 };
  }

  #inCollision(node: Address, read: number): Address | undefined {
    const { layout, memory } = this.#reader;
    const at = layout.structs['PyHamtNode_Collision']?.['c_array'] ?? 0;
    const words = this.#pointerAt(layout.object.variableSize, read);
    if (words === undefined || words > mostEqualHashes * 2) return undefined;
    const pairs = new DataView(new ArrayBuffer(words * 8));
    if (memory.read(node + at, new Uint8Array(pairs.buffer)) !== words * 8) return undefined;
    for (let pair = 0; pair + 16 <= words * 8; pair += 16) {
      if (pointerIn(pairs, pair) === this.address) return pointerIn(pairs, pair + 8);
    }
    return 0;
  }

  #kindOf(type: Address | undefined): NodeKind | undefined {
    if (type === undefined) return undefined;
    let kind = this.#kinds.get(type);
    if (kind === undefined) {
      kind = kindOfType[this.#reader.typeName(type) ?? ''];
      if (kind !== undefined) this.#kinds.set(type, kind);
    }
    return kind;
  }

  /** The pointer at `offset` of the node in the room, of which `read` bytes were read. */
  #pointerAt(offset: number, read: number): Address | undefined {
    return offset + 8 <= read ? pointerIn(this.#room, offset) : undefined;
  }
}

/** Where a node leads to: to the value (0: there is none) or to the next node. */
interface Child {
  readonly isValue: boolean;
  readonly address: Address;
}

const pointerIn = (view: DataView, offset: number): Address =>
  view.getUint32(offset, true) + view.getUint32(offset + 4, true) * 2 ** 32;

function bitCount(bits: number): number {
  let count = 0;
  for (let rest = bits >>> 0; rest !== 0; rest = (rest & (rest - 1)) >>> 0) count++;
  return count;
}
