/** Code objects by address, decoded once, and checked often enough that a reused address never lends its old name. */
import type { Address } from '../../memory/process-memory.ts';
import type { ObjectReader } from '../objects/objects.ts';
import { type Code, readCode } from './code.ts';
import type { Instructions } from './instructions.ts';

/** Most code objects remembered; then all are forgotten and decoded again when met. */
const mostCodes = 50_000;
/** Longest time in ms for which a code object that has always been the same is believed without a look. */
const longestTrust = 50;
/** Bytes of a string object that are compared. */
const longestIdentity = 320;
/** After an address was found reused, nothing is believed without a look for this many ms. */
const distrustAfterReuse = 1000;

interface Entry {
  /** Undefined: no code object, such as the None of a shim frame. */
  readonly code: Code | undefined;
  readonly identity: Float64Array;
  readonly since: number;
  /** As that of the code; also where there is none. */
  trustedUntil: number;
  /** The copy since which it was last found unchanged. */
  copy: number;
}

/**
 * The code objects of one process. A function's is believed for an eighth of the time it has been seen unchanged (at most
 * 50 ms), a module's only below everything else, since elsewhere another one is soon at its address; else one read compares what tells code objects
 * apart: version, and on versions that have none the pointers to names and line table, and what both names say.
 */
export class CodeCache {
  /** Time of the sample being taken, in ms on any steady clock: set by the caller once per sample. */
  now = 0;
  /** How often an address turned out to hold another code object. */
  reused = 0;
  /** How often code was read anew: what lay at its address when the stack was copied is not known. */
  learned = 0;
  readonly instructions: Instructions;
  readonly #reader: ObjectReader;
  readonly #entries = new Map<Address, Entry>();
  readonly #current = new Float64Array(11);
  #distrustUntil = -1;
  #copy = 0;
  #codeType = 0;

  constructor(reader: ObjectReader, instructions: Instructions) {
    this.#reader = reader;
    this.instructions = instructions;
  }

  /** Every code object decoded so far and still remembered. */
  *codes(): Generator<Code> {
    for (const entry of this.#entries.values()) if (entry.code) yield entry.code;
  }

  /** Whether `code` is believed to lie at its address still. @param isOutermost it is that of a thread's outermost frame */
  trusts(code: Code, isOutermost = false): boolean {
    return this.#isTime(code.trustedUntil) && (code.isFunction || isOutermost);
  }

  #isTime(trustedUntil: number): boolean {
    return this.now < trustedUntil && this.now >= this.#distrustUntil;
  }

  /** A copy of a stack has been made. */
  beginCopy(): void {
    this.#copy++;
  }

  /** As {@link get}, for a frame of that copy: of all frames that run one function, the first has it looked at. */
  getOfCopy(address: Address): Code | undefined {
    const entry = this.#entries.get(address);
    return entry?.copy === this.#copy ? entry.code : this.get(address);
  }

  /** The code object at `address`; undefined where there is none. Allocates nothing for one that is known. */
  get(address: Address): Code | undefined {
    const entry = this.#entries.get(address);
    if (entry !== undefined) {
      if (this.#isTime(entry.trustedUntil) && entry.code?.isFunction !== false) return entry.code;
      if (this.#isUnchanged(address, entry)) {
        entry.copy = this.#copy;
        entry.trustedUntil = this.now + Math.min(longestTrust, (this.now - entry.since) / 8);
        if (entry.code) entry.code.trustedUntil = entry.trustedUntil;
        return entry.code;
      }
      this.#entries.delete(address);
      if (entry.code) {
        entry.code.trustedUntil = -1;
        this.reused++;
        this.#distrustUntil = this.now + distrustAfterReuse;
      }
    }
    return this.#learn(address);
  }

  #learn(address: Address): Code | undefined {
    if (!this.#identify(address)) return undefined;
    const identity = this.#current.slice();
    const isCode = this.#isCode(this.#current[0] as Address);
    const code = isCode ? readCode(this.#reader, this.instructions, address) : undefined;
    // A code object that cannot be decoded is still being made, or already taken apart: that does not stay so.
    if (isCode && code === undefined) return undefined;
    // Decoding takes many reads: only what is still the same object afterwards was read coherently.
    if (!this.#identify(address) || !sameNumbers(identity, this.#current)) return undefined;
    if (code) this.learned++;
    if (this.#entries.size >= mostCodes) this.#entries.clear();
    this.#entries.set(address, { code, identity, since: this.now, trustedUntil: this.now, copy: this.#copy });
    return code;
  }

  /** Whether that is the type of code objects. */
  #isCode(type: Address): boolean {
    if (this.#codeType === 0 && this.#reader.staticTypeName(type) === 'code') this.#codeType = type;
    return type !== 0 && type === this.#codeType;
  }

  #isUnchanged(address: Address, entry: Entry): boolean {
    return this.#identify(address) && sameNumbers(entry.identity, this.#current);
  }

  /** Puts what tells the object at `address` apart into `#current`; false when it cannot be read. */
  #identify(address: Address): boolean {
    const { memory, layout } = this.#reader;
    const at = layout.code;
    const current = this.#current;
    if (!memory.fetch(address, at.size)) return false;
    current[0] = memory.pointerAt(layout.object.type);
    if (current[0] !== this.#codeType && this.#codeType !== 0) {
      current.fill(0, 1);
      return true;
    }
    const name = memory.pointerAt(at.name);
    const file = memory.pointerAt(at.file);
    current[1] = memory.pointerAt(at.lineTable);
    current[2] = memory.view.getInt32(at.firstLine, true);
    current[3] = name;
    current[4] = file;
    current[8] = memory.pointerAt(layout.object.variableSize);
    current[9] = memory.view.getInt32(at.localsPlusCount < 0 ? at.localsCount : at.localsPlusCount, true);
    current[10] = memory.view.getInt32(at.stackSize, true);
    if (at.version >= 0) {
      current[5] = memory.view.getUint32(at.version, true);
      if (current[5] !== 0) {
        current[6] = 0;
        current[7] = 0;
        return true;
      }
    }
    current[6] = this.#textIdentity(name);
    current[7] = this.#textIdentity(file);
    return true;
  }

  /** A number from a string's length and its first characters. Its hash will not do: that is filled in later. */
  #textIdentity(string: Address): number {
    const { memory, layout } = this.#reader;
    const { stringLength, stringState, asciiData, compactData } = layout.object;
    const read = memory.read(string, memory.bytes, longestIdentity);
    if (read < compactData) return 0;
    const isAscii = (memory.view.getUint32(stringState, true) & 64) !== 0;
    let sum = memory.view.getUint32(stringLength, true);
    const end = Math.min(read, (isAscii ? asciiData : compactData) + sum * (isAscii ? 1 : 4));
    for (let at = isAscii ? asciiData : compactData; at < end; at++) {
      sum = (Math.imul(sum, 31) + (memory.bytes[at] as number)) | 0;
    }
    return sum;
  }
}

function sameNumbers(left: Float64Array, right: Float64Array): boolean {
  for (let at = 0; at < left.length; at++) if (left[at] !== right[at]) return false;
  return true;
}
