/** What is in a file that another process has mapped, and where did the loader put it? */
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { type ElfImage, parseElf, type ReadAt } from './elf.ts';
import { type DynamicInfo, readDynamic } from './elf-symbols.ts';
import { loadBias } from './load-bias.ts';
import type { Mapping } from './maps.ts';

/** Copies memory of the target; returns how many bytes were read, 0 where nothing could. */
export type ReadMemory = (address: number, into: Uint8Array) => number;

/** A part of a file is never needed in larger pieces. */
const maximumRead = 1 << 24;
const nothing = new Uint8Array(0);

/** Reads a file; a failing or senseless read yields no bytes. */
export function readerOf(fd: number): ReadAt {
  return (offset, length) => {
    if (!Number.isSafeInteger(offset) || offset < 0 || !(length > 0 && length <= maximumRead)) return nothing;
    const bytes = new Uint8Array(length);
    try {
      return bytes.subarray(0, readSync(fd, bytes, 0, length, offset));
    } catch {
      return nothing;
    }
  };
}

/** Reads what is loaded of a file out of the process's memory: for files that are gone or out of reach. */
export function readerOfMemory(read: ReadMemory, mappings: readonly Mapping[]): ReadAt {
  return (offset, length) => {
    if (!(length > 0 && length <= maximumRead)) return nothing;
    const mapping = mappings.find((one) => one.offset <= offset && offset - one.offset < one.end - one.start);
    if (!mapping) return nothing;
    const within = offset - mapping.offset;
    const bytes = new Uint8Array(Math.min(length, mapping.end - mapping.start - within));
    return bytes.subarray(0, read(mapping.start + within, bytes));
  };
}

/** Picks what it needs out of an image; called once per file. */
export type Extract<T> = (image: ElfImage, dynamic: DynamicInfo | undefined) => T;

/** What a file contains, and by how much the addresses in it were moved. */
export interface LoadedFile<T> {
  readonly image: ElfImage;
  readonly facts: T;
  readonly bias: number;
}

interface Parsed<T> {
  readonly image: ElfImage;
  readonly facts: T;
}

const maximumCached = 256;

/**
 * Looks into mapped ELF files and remembers what it found for each file (device, inode, modification time, size), since
 * a tree of processes maps the same few files over and over.
 */
export class MappedFiles<T> {
  readonly #extract: Extract<T>;
  /** null: not a 64-bit little-endian ELF file. */
  readonly #known = new Map<string, Parsed<T> | null>();

  constructor(extract: Extract<T>) {
    this.#extract = extract;
  }

  /**
   * @param names where the file may be found, most reliable first, such as `/proc/PID/root/usr/bin/python3`
   * @param mappings those of this file, in ascending order
   * @returns null for something else than a 64-bit little-endian ELF file, undefined where it cannot be read
   */
  load(names: readonly string[], mappings: readonly Mapping[], read: ReadMemory): LoadedFile<T> | null | undefined {
    let parsed = this.#fromFile(names, mappings, read);
    if (parsed === undefined) parsed = this.#fromMemory(mappings, read);
    if (!parsed) return parsed;
    const bias = loadBias(parsed.image, mappings);
    return bias === undefined ? undefined : { ...parsed, bias };
  }

  #fromFile(names: readonly string[], mappings: readonly Mapping[], read: ReadMemory): Parsed<T> | null | undefined {
    for (const name of names) {
      let fd: number;
      try {
        fd = openSync(name, 'r');
      } catch {
        continue;
      }
      try {
        if (isLoadedFrom(readerOf(fd), mappings, read)) return this.#parse(fd);
      } finally {
        closeSync(fd);
      }
    }
    return undefined;
  }

  #parse(fd: number): Parsed<T> | null {
    const { dev, ino, mtimeMs, size } = fstatSync(fd);
    const key = `${dev}:${ino}:${mtimeMs}:${size}`;
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const readFile = readerOf(fd);
    const image = parseElf(readFile);
    const parsed = image.kind === 'elf' ? { image, facts: this.#extract(image, readDynamic(image, readFile)) } : null;
    if (this.#known.size >= maximumCached) this.#known.clear();
    this.#known.set(key, parsed);
    return parsed;
  }

  #fromMemory(mappings: readonly Mapping[], read: ReadMemory): Parsed<T> | null | undefined {
    const readAt = readerOfMemory(read, mappings);
    const image = parseElf(readAt);
    if (image.kind !== 'elf') return image.kind === 'other-elf' ? null : undefined;
    const dynamic = readDynamic(image, readAt, loadBias(image, mappings) ?? 0);
    return { image, facts: this.#extract(image, dynamic) };
  }
}

/** The ELF header and the first program headers: sizes that differ between any two builds, nothing that a loader changes. */
const headersCompared = 512;

/**
 * Whether the file's first bytes are those in memory: a package upgrade leaves another file under the same name, and
 * overlay file systems show inode numbers that cannot be compared. True where the memory cannot tell.
 */
function isLoadedFrom(readFile: ReadAt, mappings: readonly Mapping[], read: ReadMemory): boolean {
  const first = mappings.find(({ offset }) => offset === 0);
  const header = new Uint8Array(headersCompared);
  if (!first || read(first.start, header) < header.length) return true;
  return Buffer.compare(readFile(0, header.length), header) === 0;
}
