/** How does a good file become a bad one? Changes to its bytes and to the JSON in it, repeatable from a seed. */

/** Gives a number from 0, below 1. */
export type Random = () => number;

/** A small generator (mulberry32): equal seeds give equal numbers. */
export function randomNumbers(seed: number): Random {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const below = (random: Random, limit: number): number => Math.floor(random() * limit);

/** Any one of `values`, which is not empty. */
export function pick<T>(random: Random, values: readonly T[]): T {
  return values[below(random, values.length)] as T;
}

/** How long a piece to take: mostly short. */
const shortLength = (random: Random, limit: number): number => Math.floor(random() ** 3 * (limit + 1));

const oddBytes = [0, 1, 0x1b, 0x22, 0x2c, 0x2d, 0x39, 0x5b, 0x5d, 0x7b, 0x7d, 0x80, 0xc0, 0xe2, 0xed, 0xff];

type ByteMutation = (bytes: Buffer, random: Random) => Buffer;

const byteMutations: readonly ByteMutation[] = [
  function flipBits(bytes, random) {
    const result = Buffer.from(bytes);
    for (let count = 1 + below(random, 4); count > 0 && result.length > 0; count--) {
      const at = below(random, result.length);
      result[at] = (result[at] as number) ^ (1 << below(random, 8));
    }
    return result;
  },
  function truncate(bytes, random) {
    return bytes.subarray(0, below(random, bytes.length + 1));
  },
  function remove(bytes, random) {
    const from = below(random, bytes.length + 1);
    return Buffer.concat([bytes.subarray(0, from), bytes.subarray(from + shortLength(random, bytes.length - from))]);
  },
  function repeat(bytes, random) {
    const from = below(random, bytes.length + 1);
    const to = from + shortLength(random, bytes.length - from);
    const times = 1 + shortLength(random, 20);
    const piece = bytes.subarray(from, to);
    return Buffer.concat([bytes.subarray(0, to), ...Array<Buffer>(times).fill(piece), bytes.subarray(to)]);
  },
  function insert(bytes, random) {
    const at = below(random, bytes.length + 1);
    const piece = Buffer.from(Array.from({ length: 1 + shortLength(random, 8) }, () => pick(random, oddBytes)));
    return Buffer.concat([bytes.subarray(0, at), piece, bytes.subarray(at)]);
  },
  function overwrite(bytes, random) {
    const result = Buffer.from(bytes);
    const at = below(random, bytes.length + 1);
    return result.fill(pick(random, oddBytes), at, Math.min(bytes.length, at + 1 + shortLength(random, 16)));
  },
  function move(bytes, random) {
    const [from, to] = [below(random, bytes.length + 1), below(random, bytes.length + 1)];
    const piece = bytes.subarray(from, from + shortLength(random, bytes.length - from));
    const rest = Buffer.concat([bytes.subarray(0, from), bytes.subarray(from + piece.length)]);
    return Buffer.concat([rest.subarray(0, to), piece, rest.subarray(to)]);
  },
];

/** One to three changes anywhere. */
export function mutateBytes(bytes: Buffer, random: Random): Buffer {
  let result = bytes;
  for (let count = 1 + below(random, 3); count > 0; count--) result = pick(random, byteMutations)(result, random);
  return result;
}

/** A piece of JSON text that `JSON.stringify` would not write. */
class RawJson {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

const nested = (depth: number): RawJson => new RawJson('['.repeat(depth) + ']'.repeat(depth));

const oddStrings: readonly string[] = [
  ...['', '__proto__', 'constructor', 'toString', 'hasOwnProperty', 'length', '-1', '0', '[self]', '[root]', '[await]'],
  ...['\0', '\0\0', '\u0001', '\u0001c\u0001l-5\u0001h1', 'f\0<thread>\x007', 'f\0a\x001\u0001l2147483648', '\n', ';'],
  ...['\x1b[2J\x07', '\u009b', '\u202e', '\ud800', '\udc00x', '\u2028', '\ufeff', 'é'.repeat(50), '/'.repeat(500)],
  ...['x'.repeat(100_000), '../'.repeat(3000), '<string>', '</script>', '|`*_#'],
];

const oddNumbers: readonly (number | RawJson)[] = [
  ...[0, 1, -1, 0.5, -0.5, 1e-320, 1e15, 1e22, 1e300, 1.7e308, -1e308, 2 ** 31, 2 ** 31 - 1, -(2 ** 31), 2 ** 32],
  ...[2 ** 53, 2 ** 53 - 1, 2 ** 63, 65_536, 255, 256],
  ...['-0', '1e999', '-1e999', '1E400', '0.1e-400', '123456789012345678901234567890'].map((text) => new RawJson(text)),
];

const oddValues: readonly unknown[] = [
  ...oddStrings,
  ...oddNumbers,
  ...[
    null,
    true,
    false,
    [],
    {},
    [[]],
    [null],
    [''],
    [0],
    [0, 0],
    [['f'], 1],
    [[[]], 1],
    JSON.parse('{"__proto__":{"a":1}}'),
  ],
  ...[nested(10), nested(1000), nested(100_000), new RawJson('['.repeat(5000)), new RawJson('NaN')],
  ...[new RawJson('{"a":1,"a":2,"__proto__":{"b":1}}'), Array(5000).fill(0), Array(300).fill('a'), Array(300).fill([])],
];

/** A place in a JSON value. */
interface Slot {
  readonly holder: Record<string, unknown> | unknown[];
  readonly key: string | number;
}

function slotsOf(root: unknown): readonly Slot[] {
  const slots: Slot[] = [];
  const open: unknown[] = [root];
  for (let value = open.pop(); value !== undefined; value = open.pop()) {
    if (typeof value !== 'object' || value === null || value instanceof RawJson) continue;
    const holder = value as Slot['holder'];
    const keys = Array.isArray(holder) ? holder.keys() : Object.keys(holder);
    for (const key of keys) {
      slots.push({ holder, key });
      const member = valueAt({ holder, key });
      if (member !== undefined) open.push(member);
    }
  }
  return slots;
}

const valueAt = ({ holder, key }: Slot): unknown => (holder as Record<string | number, unknown>)[key];

/** Also where the key is `__proto__`. */
function setValue({ holder, key }: Slot, value: unknown): void {
  Object.defineProperty(holder, key, { value, configurable: true, enumerable: true, writable: true });
}

function removeSlot({ holder, key }: Slot): void {
  if (Array.isArray(holder)) holder.splice(key as number, 1);
  else delete holder[key];
}

/** So that no list is in two places, or within itself. */
function copy(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(copy);
  if (typeof value !== 'object' || value === null || value instanceof RawJson) return value;
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, copy(member)]));
}

type SlotMutation = (slot: Slot, random: Random, all: readonly Slot[]) => void;

const slotMutations: readonly SlotMutation[] = [
  (slot, random) => setValue(slot, copy(pick(random, oddValues))),
  (slot, random) => setValue(slot, nearby(valueAt(slot), random)),
  (slot) => removeSlot(slot),
  (slot, random) => {
    const value = copy(valueAt(slot));
    if (Array.isArray(slot.holder)) slot.holder.splice(below(random, slot.holder.length + 1), 0, value);
    else setValue({ ...slot, key: pick(random, oddStrings) }, value);
  },
  (slot, random, all) => setValue(slot, copy(valueAt(pick(random, all)))),
  (slot, random) =>
    setValue(
      slot,
      Array.from({ length: below(random, 30) }).reduce((inner) => [inner], valueAt(slot)),
    ),
  (slot, random) => {
    const value = valueAt(slot);
    removeSlot(slot);
    setValue({ holder: slot.holder, key: Array.isArray(slot.holder) ? 0 : pick(random, oddStrings) }, value);
  },
];

/** A value of the same type that is a little wrong, or very. */
function nearby(value: unknown, random: Random): unknown {
  if (typeof value === 'number') return random() < 0.5 ? value + pick(random, [1, -1, 0.5]) : pick(random, oddNumbers);
  if (typeof value === 'boolean') return !value;
  if (typeof value === 'string') {
    const at = below(random, value.length + 1);
    return value.slice(0, at) + pick(random, oddStrings) + value.slice(at + below(random, 3));
  }
  if (!Array.isArray(value)) return [value];
  return random() < 0.5 ? value.toReversed() : value.slice(below(random, value.length + 1));
}

/** The text of a JSON value after one to three changes anywhere in it. `value` itself is changed, too. */
export function mutateJson(value: unknown, random: Random): string {
  const root = { value };
  for (let count = 1 + below(random, 3); count > 0; count--) {
    const slots = slotsOf(root);
    if (slots.length === 0) break;
    pick(random, slotMutations)(pick(random, slots), random, slots);
  }
  const raw: string[] = [];
  // A name that no file has stands for each piece until the rest is written.
  const text = JSON.stringify(root.value ?? null, (_, member: unknown) =>
    member instanceof RawJson ? `\uf8ff${raw.push(member.text) - 1}\uf8ff` : member,
  );
  return text.replaceAll(/"\uf8ff(\d+)\uf8ff"/g, (_, index: string) => raw[Number(index)] as string);
}
