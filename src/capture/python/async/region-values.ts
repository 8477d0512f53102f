/** Which regions does a value found in a context stand for? Its own, and those around it. */
import type { Address } from '../../memory/process-memory.ts';

interface Entry {
  parent: Address;
  isRunning: boolean;
  /** Values of ended regions within this one: contexts copied while they ran still hold them. */
  readonly ended: Set<Address>;
}

/** The values of a process's regions, known from their start until neither they nor a region around them runs. */
export class RegionValues {
  readonly #entries = new Map<Address, Entry>();

  /** How many values are known. */
  get size(): number {
    return this.#entries.size;
  }

  /** A region begins. @param parent the value of the region around it, 0 where there is none */
  add(value: Address, parent: Address): void {
    // An ended region's value has been freed, and this one has its address.
    this.#drop(value);
    this.#entries.set(value, { parent: parent === value ? 0 : parent, isRunning: true, ended: new Set() });
  }

  /** A region ends. */
  end(value: Address): void {
    const entry = this.#entries.get(value);
    if (entry === undefined) return;
    entry.isRunning = false;
    const around = this.#entries.get(entry.parent);
    if (around !== undefined) around.ended.add(value);
    else this.#drop(value);
  }

  /** Puts the regions inside which whatever holds `found` runs into `into`: that of `found`, and those around it. */
  around(found: Address, into: Address[]): void {
    into.length = 0;
    let at = found;
    // Each step leads to a region that began earlier; more steps than regions are a circle.
    for (let step = 0; step <= this.#entries.size && at !== 0; step++) {
      into.push(at);
      at = this.#entries.get(at)?.parent ?? 0;
    }
  }

  /** Forgets a value, and those within it that have ended. */
  #drop(value: Address): void {
    const dropped = [value];
    for (let at = dropped.pop(); at !== undefined; at = dropped.pop()) {
      const entry = this.#entries.get(at);
      if (entry === undefined) continue;
      this.#entries.delete(at);
      this.#entries.get(entry.parent)?.ended.delete(at);
      for (const inner of entry.ended) if (this.#entries.get(inner)?.isRunning === false) dropped.push(inner);
    }
  }
}
