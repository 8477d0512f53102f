/** In which symbols does deflate write repetitions? The tables of RFC 1951, section 3.2.5. */

const lengthBases = [
  ...[3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115, 131, 163, 195, 227],
  258,
];
const distanceBases = [
  ...[1, 2, 3, 4, 5, 7, 9, 13, 17, 25, 33, 49, 65, 97, 129, 193, 257, 385, 513, 769, 1025, 1537, 2049, 3073, 4097],
  ...[6145, 8193, 12289, 16385, 24577],
];

/** A repetition has so many bytes at most, and lies so far back. */
export const longestMatch = 258;
export const farthestMatch = 32_768;

/** Ends a block; below are literal bytes, above lengths. */
export const endOfBlock = 256;
export const literalSymbols = 286;
export const distanceSymbols = 30;

/** Symbol of each length among those of literals. */
export const lengthSymbol: readonly number[] = Array.from(
  { length: longestMatch + 1 },
  (_, length) => endOfBlock + 1 + lengthBases.findLastIndex((base) => base <= Math.max(3, length)),
);

const distanceSymbolTable: Uint8Array = Uint8Array.from({ length: farthestMatch + 1 }, (_, distance) =>
  distanceBases.findLastIndex((base) => base <= Math.max(1, distance)),
);

/** Symbol of a distance. */
export function distanceSymbol(distance: number): number {
  return distanceSymbolTable[distance] as number;
}

/** How many bits follow a symbol of a length; literals have none. */
export function lengthBits(symbol: number): number {
  const number = symbol - endOfBlock - 1;
  return number < 8 || number === 28 ? 0 : (number >> 2) - 1;
}

/** How many bits follow a symbol of a distance. */
export function distanceBits(symbol: number): number {
  return symbol < 4 ? 0 : (symbol >> 1) - 1;
}

/** What these bits say. */
export function lengthRest(length: number): number {
  return length - (lengthBases[(lengthSymbol[length] as number) - endOfBlock - 1] as number);
}

/** What these bits say. */
export function distanceRest(distance: number): number {
  return distance - (distanceBases[distanceSymbol(distance)] as number);
}
