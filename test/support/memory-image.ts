/** What does a reader do with memory that is not as it should be? Images of real memory, kept, broken, and read again. */
import { type Address, ProcessMemory } from '../../src/capture/memory/process-memory.ts';
import type { Pid } from '../../src/session/ids.ts';

const pageSize = 4096;

/** Pages by number. */
export type Pages = ReadonlyMap<number, Uint8Array>;

/** A place that was read: where it begins, and how many bytes. */
export interface ReadRange {
  readonly address: Address;
  readonly length: number;
}

/** Memory of a real process that keeps every page that is read. The process must stand still. */
export class RecordingMemory extends ProcessMemory {
  readonly pages = new Map<number, Uint8Array>();
  /** Every place that was read, each once. */
  readonly ranges: ReadRange[] = [];
  readonly #seen = new Set<string>();

  /** Forgets what was read. */
  clear(): void {
    this.pages.clear();
    this.ranges.length = 0;
    this.#seen.clear();
  }

  override read(address: Address, into: Uint8Array, length: number = into.length): number {
    const read = super.read(address, into, length);
    if (read > 0) this.#keep(address, read);
    return read;
  }

  #keep(address: Address, length: number): void {
    const key = `${address} ${length}`;
    if (this.#seen.has(key)) return;
    this.#seen.add(key);
    this.ranges.push({ address, length });
    for (let page = Math.floor(address / pageSize); page * pageSize < address + length; page++) {
      if (this.pages.has(page)) continue;
      const bytes = new Uint8Array(pageSize);
      if (super.read(page * pageSize, bytes) === pageSize) this.pages.set(page, bytes);
    }
  }
}

/** Thrown instead of hanging. */
export class TooManyReads extends Error {}

/** Memory that consists of some pages, and counts what is asked of it. */
export class ImageMemory extends ProcessMemory {
  pages: Pages;
  /** Whether what is no page of the image reads as one of its pages: then every length can be read. */
  isEndless = false;
  reads = 0;
  bytesAsked = 0;
  mostReads = Number.POSITIVE_INFINITY;
  readonly #numbers: readonly number[];

  constructor(pages: Pages) {
    // Its own process, which is never read: every read is answered here.
    super(process.pid as Pid);
    this.pages = pages;
    this.#numbers = [...pages.keys()];
  }

  override read(address: Address, into: Uint8Array, length: number = into.length): number {
    this.bytesAsked += length;
    if (++this.reads > this.mostReads) throw new TooManyReads(`${this.reads} reads`);
    if (!(address >= 0 && address < 2 ** 47) || length > into.length) return 0;
    let done = 0;
    while (done < length) {
      const at = Math.floor(address) + done;
      const page = this.#page(Math.floor(at / pageSize));
      if (page === undefined) break;
      const piece = page.subarray(at % pageSize, (at % pageSize) + length - done);
      into.set(piece, done);
      done += piece.length;
    }
    return done;
  }

  resetCounts(): void {
    this.reads = 0;
    this.bytesAsked = 0;
  }

  #page(number: number): Uint8Array | undefined {
    const page = this.pages.get(number);
    if (page !== undefined || !this.isEndless) return page;
    return this.pages.get(this.#numbers[number % this.#numbers.length] as number);
  }
}
