/** How are the lengths of codes themselves written, before what they are for? RFC 1951, section 3.2.7. */
import type { BitWriter } from './bit-writer.ts';
import { codeLengths, prefixCodes } from './huffman.ts';

/** The head of a block. */
export interface WrittenLengths {
  /** In bits. */
  readonly size: number;
  readonly write: (writer: BitWriter) => void;
}

/** The order in which the lengths of the codes for lengths stand. */
const order = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15];

/** A length, or a repetition of lengths. */
interface Written {
  readonly symbol: number;
  readonly rest: number;
}

/** Bits after each symbol. */
const restBits = (symbol: number): number => [2, 3, 7][symbol - 16] ?? 0;

/** Lengths of the codes of literals, and of distances. */
export function writtenLengths(literals: readonly number[], distances: readonly number[]): WrittenLengths {
  const [literalCount, distanceCount] = [usedOf(literals, 257), usedOf(distances, 1)];
  const written = [...inRuns([...literals.slice(0, literalCount), ...distances.slice(0, distanceCount)])];
  const counts = order.map((_, symbol) => written.filter((each) => each.symbol === symbol).length);
  const lengths = codeLengths(counts, 7);
  const orderCount = Math.max(4, order.findLastIndex((symbol) => lengths[symbol] !== 0) + 1);
  const size = written.reduce((all, { symbol }) => all + (lengths[symbol] as number) + restBits(symbol), 0);
  return {
    size: 3 + 14 + orderCount * 3 + size,
    write(writer) {
      const codes = prefixCodes(lengths);
      writer.add(literalCount - 257, 5);
      writer.add(distanceCount - 1, 5);
      writer.add(orderCount - 4, 4);
      for (const symbol of order.slice(0, orderCount)) writer.add(lengths[symbol] as number, 3);
      for (const { symbol, rest } of written) {
        writer.add(codes[symbol] as number, lengths[symbol] as number);
        writer.add(rest, restBits(symbol));
      }
    },
  };
}

/** As many as are used, and no less than `least`. */
function usedOf(lengths: readonly number[], least: number): number {
  return Math.max(least, lengths.findLastIndex((length) => length > 0) + 1);
}

function* inRuns(lengths: readonly number[]): Generator<Written> {
  for (let at = 0; at < lengths.length; ) {
    const length = lengths[at] as number;
    let run = 1;
    while (lengths[at + run] === length) run++;
    at += run;
    if (length !== 0) {
      yield { symbol: length, rest: 0 };
      run--;
    }
    while (run >= 3) {
      const part = Math.min(run, length === 0 ? 138 : 6);
      const symbol = length !== 0 ? 16 : part < 11 ? 17 : 18;
      yield { symbol, rest: part - (symbol === 18 ? 11 : 3) };
      run -= part;
    }
    for (; run > 0; run--) yield { symbol: length, rest: 0 };
  }
}
