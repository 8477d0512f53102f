/** Where are the symbols that an ELF file exports, and which libraries does it need? */
import { type ElfImage, type ReadAt, segmentType, uint64, viewOf, zeroTerminated } from './elf.ts';

/** An exported symbol that the file itself defines. */
export interface ElfSymbol {
  /** As in the file: add the load bias for a running process. */
  readonly address: number;
  readonly size: number;
}

/** The dynamic section's own view of the file, which is what the loader uses: present even in a stripped file. */
export interface DynamicInfo {
  /** Sonames of DT_NEEDED. */
  readonly needed: readonly string[];
  /** Looks one exported name up. */
  readonly symbol: (name: string) => ElfSymbol | undefined;
}

const tag = { needed: 1, hash: 4, stringTable: 5, symbolTable: 6, stringSize: 10, gnuHash: 0x6ffffef5 } as const;
const entrySize = 16;
const symbolSize = 24;
const maximumEntries = 4096;
const maximumNeeded = 512;
/** No chain of a real hash table is nearly as long; a damaged one could be endless. */
const maximumChain = 4096;

/**
 * Reads PT_DYNAMIC; undefined where there is none (static programs, damaged files). Look-ups go through the hash table
 * of the loader: a few reads of some bytes, however large the file is.
 * @param bias what a running loader has added to the addresses in the dynamic section; 0 when read from the file.
 * Source: gABI "Dynamic Section" and "Hash Table"; glibc elf/dl-lookup.c for DT_GNU_HASH.
 */
export function readDynamic(image: ElfImage, read: ReadAt, bias = 0): DynamicInfo | undefined {
  const segment = image.segments.find(({ type }) => type === segmentType.dynamic);
  if (!segment) return undefined;
  const view = viewOf(read(segment.offset, Math.min(segment.fileSize, maximumEntries * entrySize)));
  const values = new Map<number, number>();
  const neededNames: number[] = [];
  for (let at = 0; at + entrySize <= view.byteLength; at += entrySize) {
    const key = uint64(view, at);
    if (key === 0) break;
    const value = uint64(view, at + 8);
    if (key !== tag.needed) values.set(key, value);
    else if (neededNames.length < maximumNeeded) neededNames.push(value);
  }
  const position = (key: number): number | undefined => fileOffset(image, values.get(key), bias);
  const strings = position(tag.stringTable);
  const symbols = position(tag.symbolTable);
  if (strings === undefined || symbols === undefined) return undefined;
  const tables: Tables = { read, strings, symbols };
  const gnuHash = position(tag.gnuHash);
  const hash = position(tag.hash);
  return {
    needed: neededNames.map((name) => zeroTerminated(read(strings + name, 256))),
    symbol: (name) => {
      if (gnuHash !== undefined) return findByGnuHash(tables, gnuHash, name);
      return hash === undefined ? undefined : findByHash(tables, hash, name);
    },
  };
}

interface Tables {
  readonly read: ReadAt;
  /** Positions in the file. */
  readonly strings: number;
  readonly symbols: number;
}

/** Where the file holds the byte that is loaded at `address`. */
function fileOffset(image: ElfImage, address: number | undefined, bias: number): number | undefined {
  if (address === undefined) return undefined;
  for (const candidate of bias === 0 ? [address] : [address - bias, address]) {
    for (const segment of image.segments) {
      const within = candidate - segment.address;
      if (segment.type === segmentType.load && within >= 0 && within < segment.fileSize) return segment.offset + within;
    }
  }
  return undefined;
}

function uint32At(read: ReadAt, offset: number): number {
  const bytes = read(offset, 4);
  return bytes.length === 4 ? viewOf(bytes).getUint32(0, true) : 0;
}

function findByGnuHash({ read, strings, symbols }: Tables, table: number, name: string): ElfSymbol | undefined {
  const header = read(table, 16);
  if (header.length < 16) return undefined;
  const view = viewOf(header);
  const bucketCount = view.getUint32(0, true);
  const firstHashed = view.getUint32(4, true);
  if (bucketCount === 0) return undefined;
  const buckets = table + 16 + view.getUint32(8, true) * 8;
  const chains = buckets + bucketCount * 4;
  const hash = gnuHashOf(name);
  let index = uint32At(read, buckets + (hash % bucketCount) * 4);
  if (index < firstHashed) return undefined;
  for (let step = 0; step < maximumChain; step++, index++) {
    const entry = uint32At(read, chains + (index - firstHashed) * 4);
    if (entry >>> 1 === hash >>> 1) {
      const symbol = definedSymbol(read, symbols, strings, index, name);
      if (symbol) return symbol;
    }
    if (entry & 1) return undefined;
  }
  return undefined;
}

function findByHash({ read, strings, symbols }: Tables, table: number, name: string): ElfSymbol | undefined {
  const bucketCount = uint32At(read, table);
  if (bucketCount === 0) return undefined;
  const chains = table + 8 + bucketCount * 4;
  let index = uint32At(read, table + 8 + (sysvHashOf(name) % bucketCount) * 4);
  for (let step = 0; index !== 0 && step < maximumChain; step++) {
    const symbol = definedSymbol(read, symbols, strings, index, name);
    if (symbol) return symbol;
    index = uint32At(read, chains + index * 4);
  }
  return undefined;
}

/** The symbol at `index` if it has this name and is defined here (`st_shndx` other than SHN_UNDEF). */
function definedSymbol(
  read: ReadAt,
  symbols: number,
  strings: number,
  index: number,
  name: string,
): ElfSymbol | undefined {
  const entry = read(symbols + index * symbolSize, symbolSize);
  if (entry.length < symbolSize) return undefined;
  const view = viewOf(entry);
  if (view.getUint16(6, true) === 0) return undefined;
  if (zeroTerminated(read(strings + view.getUint32(0, true), name.length + 1)) !== name) return undefined;
  return { address: uint64(view, 8), size: uint64(view, 16) };
}

function gnuHashOf(name: string): number {
  let hash = 5381;
  for (let at = 0; at < name.length; at++) hash = (Math.imul(hash, 33) + name.charCodeAt(at)) >>> 0;
  return hash;
}

function sysvHashOf(name: string): number {
  let hash = 0;
  for (let at = 0; at < name.length; at++) {
    hash = ((hash << 4) + name.charCodeAt(at)) >>> 0;
    const high = hash & 0xf0000000;
    if (high !== 0) hash = (hash ^ (high >>> 24)) & ~high;
  }
  return hash >>> 0;
}
