/** In which ways can an image of memory be broken? Random changes, aimed at the places that a reader looks at. */
import fc from 'fast-check';
import type { Pages, ReadRange } from './memory-image.ts';

const pageSize = 4096;

/** One change. Places are numbers that {@link breakPages} maps to the places that were read. */
export type Damage =
  | { readonly kind: 'bit'; readonly at: number; readonly bit: number }
  | { readonly kind: 'word'; readonly at: number; readonly value: bigint }
  | { readonly kind: 'half'; readonly at: number; readonly value: number }
  /** A pointer to another place that was read: cycles, and objects of another type. */
  | { readonly kind: 'pointer'; readonly at: number; readonly to: number }
  | { readonly kind: 'splice'; readonly at: number; readonly from: number; readonly length: number }
  | { readonly kind: 'zero'; readonly at: number; readonly length: number }
  /** The page is not mapped any more. */
  | { readonly kind: 'cut'; readonly at: number };

/** Values that readers of lengths, counts and pointers trip over. */
export const badWords: readonly bigint[] = [
  ...[0n, 1n, 2n, 7n, 8n, 0xffn, 0xffffn, 0x10000n, 2n ** 22n, 2n ** 31n - 1n, 2n ** 31n, 2n ** 32n - 1n, 2n ** 32n],
  ...[2n ** 40n, 2n ** 47n - 8n, 2n ** 53n, 2n ** 63n, 2n ** 64n - 1n],
];

const place = fc.nat(0x3fff_ffff);
const length = fc.constantFrom(8, 16, 24, 64, 200, 1000, 4096, 20_000);

const damage: fc.Arbitrary<Damage> = fc.oneof(
  fc.record({ kind: fc.constant('bit'), at: place, bit: fc.nat(7) }),
  fc.record({ kind: fc.constant('word'), at: place, value: fc.constantFrom(...badWords) }),
  fc.record({
    kind: fc.constant('half'),
    at: place,
    value: fc.oneof(fc.constantFrom(0, 1, -1, 3, 0x7f_ffff, 0x3fff_ffff, -0x8000_0000), fc.integer()),
  }),
  fc.record({ kind: fc.constant('pointer'), at: place, to: place }),
  fc.record({ kind: fc.constant('splice'), at: place, from: place, length }),
  fc.record({ kind: fc.constant('zero'), at: place, length }),
  fc.record({ kind: fc.constant('cut'), at: place }),
);

/** A few changes to one image. */
export const damages: fc.Arbitrary<readonly Damage[]> = fc.array(damage, { minLength: 1, maxLength: 12 });

/** A broken copy of an image; `ranges` are the places that were read. */
export function breakPages(pages: Pages, ranges: readonly ReadRange[], changes: readonly Damage[]): Pages {
  const broken = new Map(pages);
  const fresh = new Set<number>();
  const write = (address: number, bytes: Uint8Array): void => {
    for (const [index, byte] of bytes.entries()) {
      const number = Math.floor((address + index) / pageSize);
      let page = broken.get(number);
      if (page === undefined) continue;
      if (!fresh.has(number)) {
        page = page.slice();
        broken.set(number, page);
        fresh.add(number);
      }
      page[(address + index) % pageSize] = byte;
    }
  };
  const read = (address: number, length: number): Uint8Array =>
    Uint8Array.from({ length }, (_, index) => {
      const page = broken.get(Math.floor((address + index) / pageSize));
      return page?.[(address + index) % pageSize] ?? 0;
    });
  /** Words of small reads are hit as often as those of large ones. */
  const aim = (at: number): number => {
    const range = ranges[at % ranges.length] as ReadRange;
    const word = Math.floor(at / ranges.length) % Math.max(1, range.length >> 3);
    return range.address - (range.address % 8) + word * 8;
  };
  for (const change of changes) {
    const address = aim(change.at);
    switch (change.kind) {
      case 'bit': {
        const at = address + (change.at % 8);
        write(
          at,
          read(at, 1).map((byte) => byte ^ (1 << change.bit)),
        );
        break;
      }
      case 'word':
        write(address, new Uint8Array(BigUint64Array.of(change.value).buffer));
        break;
      case 'half':
        write(address + (change.at % 2) * 4, new Uint8Array(Int32Array.of(change.value).buffer));
        break;
      case 'pointer': {
        const { address: to } = ranges[change.to % ranges.length] as ReadRange;
        write(address, new Uint8Array(BigUint64Array.of(BigInt(to)).buffer));
        break;
      }
      case 'splice':
        write(address, read(aim(change.from), change.length));
        break;
      case 'zero':
        write(address, new Uint8Array(change.length));
        break;
      case 'cut':
        broken.delete(Math.floor(address / pageSize));
        break;
    }
  }
  return broken;
}

/** A copy of an image in which one word is another. */
export function withWord(pages: Pages, address: number, value: bigint): Pages {
  const broken = new Map(pages);
  for (const [index, byte] of new Uint8Array(BigUint64Array.of(value).buffer).entries()) {
    const number = Math.floor((address + index) / pageSize);
    const page = broken.get(number);
    if (page === undefined) continue;
    const copy = page === pages.get(number) ? page.slice() : page;
    copy[(address + index) % pageSize] = byte;
    broken.set(number, copy);
  }
  return broken;
}
