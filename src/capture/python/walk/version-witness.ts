/** The second witness of a call (3.11+): the function version in the call site's inline cache. */
import type { ProcessMemory } from '../../memory/process-memory.ts';
import type { Code } from '../code/code.ts';
import { type Instructions, trait } from '../code/instructions.ts';
import type { Layout } from '../objects/layout.ts';
import { type FrameView, heapFrameRoom } from './frame-view.ts';

/** Misses from which a site counts as polymorphic: it keeps one function's version while it calls others. */
const toleratedMisses = 5;
const toleratedShare = 0.1;

/** Times that a doubted caller is read again, and longest pause between, in turns of an empty loop (about 2 µs). */
const closeLooks = 3;
const longestPause = 3000;

interface Site {
  traits: number;
  version: number;
  fits: number;
  misses: number;
}

/**
 * Says whether a callee is the one that its call site was specialised for. It only ever doubts sites that were right so
 * far; it catches a caller whose head and value stack were copied on either side of a call. A caller that does not move
 * was copied whole: then the site calls another function for once, and that is so for as long as the thread sleeps.
 */
export class VersionWitness {
  readonly #memory: ProcessMemory;
  readonly #layout: Layout;
  readonly #traits: Uint8Array;
  readonly #sites = new WeakMap<Code, Map<number, Site>>();
  /** Counts turns of the pauses, so that they are not optimised away. */
  pauseTurns = 0;

  constructor(memory: ProcessMemory, layout: Layout, instructions: Instructions) {
    this.#memory = memory;
    this.#layout = layout;
    this.#traits = instructions.traits;
  }

  /** False: the site was specialised for another function, and has so far always called that one. */
  agrees(caller: FrameView, callee: FrameView): boolean {
    const code = caller.code as Code;
    let sites = this.#sites.get(code);
    if (!sites) {
      sites = new Map();
      this.#sites.set(code, sites);
    }
    let site = sites.get(caller.unit);
    if (!site) {
      site = { traits: 0, version: 0, fits: 0, misses: 0 };
      this.#look(code, caller.unit, site);
      sites.set(caller.unit, site);
    }
    let fits = this.#fits(site, callee);
    if (!fits && !isPolymorphic(site)) {
      // Specialised anew since the last look?
      this.#look(code, caller.unit, site);
      fits = this.#fits(site, callee);
    }
    if (fits) site.fits++;
    else site.misses++;
    return fits || isPolymorphic(site) || this.#standsStill(caller);
  }

  /** Whether the frame, down to the callable on its value stack, is what was copied: at several looks, at irregular distance. */
  #standsStill(caller: FrameView): boolean {
    const { frame } = this.#layout;
    const length = Math.min(heapFrameRoom, frame.localsPlus + (caller.stackTop + 2) * 8);
    for (let look = 0; look < closeLooks; look++) {
      for (let turn = Math.random() * longestPause; turn > 0; turn--) this.pauseTurns++;
      if (!caller.copy || !this.#memory.fetch(caller.address, length)) return false;
      const from = caller.base * 4;
      const copied = caller.copy.bytes.subarray(from, from + length);
      if (Buffer.compare(this.#memory.bytes.subarray(0, length), copied) !== 0) return false;
    }
    return true;
  }

  /** The instruction as it stands now: opcode, argument, 16-bit counter, then the version (Include/internal/pycore_code.h). */
  #look(code: Code, unit: number, site: Site): void {
    if (!this.#memory.fetch(code.start + unit * 2, 8)) return;
    site.traits = this.#traits[this.#memory.bytes[0] as number] as number;
    site.version = this.#memory.view.getUint32(4, true);
  }

  #fits(site: Site, callee: FrameView): boolean {
    if ((site.traits & trait.versioned) === 0) return true;
    if (callee.code?.version === site.version && this.#layout.minor > 11) return true;
    return this.#memory.uint32(callee.function + this.#layout.object.functionVersion) === site.version;
  }
}

const isPolymorphic = (site: Site): boolean =>
  site.misses > toleratedMisses + toleratedShare * (site.fits + site.misses);
