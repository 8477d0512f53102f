/** How small can a text be in deflate? As every page carries its script, seconds of the build are well spent on it. */
import { BitWriter } from './bit-writer.ts';
import {
  distanceBits,
  distanceRest,
  distanceSymbol,
  distanceSymbols,
  endOfBlock,
  lengthBits,
  lengthRest,
  lengthSymbol,
  literalSymbols,
} from './deflate-symbols.ts';
import { findMatches, type Matches } from './find-matches.ts';
import { codeLengths, prefixCodes } from './huffman.ts';
import { writtenLengths } from './written-lengths.ts';

/** A text as it is written: bytes that stand for themselves (distance 0), and repetitions. */
interface Token {
  readonly length: number;
  readonly distance: number;
}

/** How often each symbol is written. */
interface Counts {
  readonly literals: readonly number[];
  readonly distances: readonly number[];
}

/** Part of the text with codes of its own. */
interface Block {
  readonly from: number;
  readonly to: number;
  readonly tokens: readonly Token[];
}

/** Each try knows better than the last what symbols cost. */
const tries = 4;

/** Parts of a block at which it may be divided. */
const candidates = 16;

/**
 * Raw deflate (RFC 1951), some percent smaller than zlib's level 9: of all ways to write the text the cheapest, given what
 * symbols cost, which depends on how it is written. So it is written again and again.
 */
export function deflateSmall(bytes: Uint8Array): Uint8Array {
  const matches = findMatches(bytes);
  const whole = bestBlock(bytes, matches, { from: 0, to: bytes.length, tokens: literally(bytes) });
  const blocks = divided(bytes, whole).map((block) => bestBlock(bytes, matches, block));
  const writer = new BitWriter();
  for (const block of blocks) writeBlock(writer, bytes, block, block === blocks.at(-1));
  return writer.finish();
}

function literally(bytes: Uint8Array): readonly Token[] {
  return Array.from(bytes, () => ({ length: 1, distance: 0 }));
}

function bestBlock(bytes: Uint8Array, matches: Matches, block: Block): Block {
  let best = block;
  let least = sizeOf(bytes, block);
  let counts = countSymbols(bytes, block);
  for (let attempt = 0; attempt < tries; attempt++) {
    const next = { ...block, tokens: cheapestTokens(bytes, matches, block, counts) };
    const size = sizeOf(bytes, next);
    counts = countSymbols(bytes, next);
    if (size < least) [best, least] = [next, size];
  }
  return best;
}

/** The shortest path through the text, if symbols cost what they would with these counts. */
function cheapestTokens(
  bytes: Uint8Array,
  { first, length, distance }: Matches,
  { from, to }: Block,
  counts: Counts,
): readonly Token[] {
  const literalCosts = entropies(counts.literals).map((cost, symbol) => cost + lengthBitsOf(symbol));
  const distanceCosts = entropies(counts.distances).map((cost, symbol) => cost + distanceBits(symbol));
  const lengthCosts = lengthSymbol.map((symbol) => literalCosts[symbol] as number);
  const cost = new Float64Array(to - from + 1).fill(Number.POSITIVE_INFINITY);
  const stepLength = new Uint16Array(to - from + 1);
  const stepDistance = new Uint16Array(to - from + 1);
  cost[0] = 0;
  for (let at = from; at < to; at++) {
    const here = cost[at - from] as number;
    const reach = (size: number, back: number, price: number): void => {
      const end = at - from + size;
      if (here + price >= (cost[end] as number)) return;
      cost[end] = here + price;
      stepLength[end] = size;
      stepDistance[end] = back;
    };
    reach(1, 0, literalCosts[bytes[at] as number] as number);
    let size = 3;
    for (let match = first[at] as number; match < (first[at + 1] as number); match++) {
      const back = distance[match] as number;
      const price = distanceCosts[distanceSymbol(back)] as number;
      const most = Math.min(length[match] as number, to - at);
      for (; size <= most; size++) reach(size, back, (lengthCosts[size] as number) + price);
    }
  }
  return stepsTo(to - from, stepLength, stepDistance);
}

function stepsTo(end: number, lengths: Uint16Array, distances: Uint16Array): readonly Token[] {
  const tokens: Token[] = [];
  for (let at = end; at > 0; at -= lengths[at] as number) {
    tokens.push({ length: lengths[at] as number, distance: distances[at] as number });
  }
  return tokens.reverse();
}

function lengthBitsOf(symbol: number): number {
  return symbol > endOfBlock ? lengthBits(symbol) : 0;
}

/** Bits that a symbol costs by its share; of one that was not used, as if it had been used once. */
function entropies(counts: readonly number[]): readonly number[] {
  const all = Math.log2(counts.reduce((sum, count) => sum + count, 0) || 1);
  return counts.map((count) => all - Math.log2(Math.max(1, count)));
}

function countSymbols(bytes: Uint8Array, { from, tokens }: Block): Counts {
  const literals = Array<number>(literalSymbols).fill(0);
  const distances = Array<number>(distanceSymbols).fill(0);
  const add = (counts: number[], symbol: number): void => {
    counts[symbol] = (counts[symbol] as number) + 1;
  };
  let at = from;
  for (const { length, distance } of tokens) {
    add(literals, distance === 0 ? (bytes[at] as number) : (lengthSymbol[length] as number));
    if (distance > 0) add(distances, distanceSymbol(distance));
    at += length;
  }
  add(literals, endOfBlock);
  return { literals, distances };
}

/** In bits, with its codes. */
function sizeOf(bytes: Uint8Array, block: Block): number {
  const { literals, distances } = countSymbols(bytes, block);
  const [literalLengths, distanceLengths] = [codeLengths(literals, 15), codeLengths(distances, 15)];
  const sum = (counts: readonly number[], bits: (symbol: number) => number): number =>
    counts.reduce((all, count, symbol) => all + count * bits(symbol), 0);
  return (
    writtenLengths(literalLengths, distanceLengths).size +
    sum(literals, (symbol) => (literalLengths[symbol] as number) + lengthBitsOf(symbol)) +
    sum(distances, (symbol) => (distanceLengths[symbol] as number) + distanceBits(symbol))
  );
}

/** Divides a block where two with codes of their own are smaller, and those again. */
function divided(bytes: Uint8Array, block: Block): readonly Block[] {
  let best: readonly Block[] = [block];
  let least = sizeOf(bytes, block);
  for (let part = 1; part < candidates; part++) {
    const halves = cutAt(block, Math.floor((block.tokens.length * part) / candidates));
    const size = halves.reduce((sum, half) => sum + sizeOf(bytes, half), 0);
    if (size < least) [best, least] = [halves, size];
  }
  return best.length === 1 ? best : best.flatMap((half) => divided(bytes, half));
}

function cutAt({ from, to, tokens }: Block, count: number): readonly Block[] {
  const middle = tokens.slice(0, count).reduce((sum, { length }) => sum + length, from);
  return [
    { from, to: middle, tokens: tokens.slice(0, count) },
    { from: middle, to, tokens: tokens.slice(count) },
  ];
}

function writeBlock(writer: BitWriter, bytes: Uint8Array, block: Block, isLast: boolean): void {
  const counts = countSymbols(bytes, block);
  const [literalLengths, distanceLengths] = [codeLengths(counts.literals, 15), codeLengths(counts.distances, 15)];
  const [literalCodes, distanceCodes] = [prefixCodes(literalLengths), prefixCodes(distanceLengths)];
  const literal = (symbol: number): void =>
    writer.add(literalCodes[symbol] as number, literalLengths[symbol] as number);
  writer.add(isLast ? 1 : 0, 1);
  writer.add(2, 2);
  writtenLengths(literalLengths, distanceLengths).write(writer);
  let at = block.from;
  for (const { length, distance } of block.tokens) {
    const symbol = distance === 0 ? (bytes[at] as number) : (lengthSymbol[length] as number);
    literal(symbol);
    at += length;
    if (distance === 0) continue;
    writer.add(lengthRest(length), lengthBits(symbol));
    const far = distanceSymbol(distance);
    writer.add(distanceCodes[far] as number, distanceLengths[far] as number);
    writer.add(distanceRest(distance), distanceBits(far));
  }
  literal(endOfBlock);
}
