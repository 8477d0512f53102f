/** Which C function is the leaf in? C functions have no frame: the call instruction below them tells. */
import { type Address, isObjectAddress } from '../../memory/process-memory.ts';
import type { ObjectReader } from '../objects/objects.ts';
import type { FrameView } from '../walk/frame-view.ts';
import type { CallSource } from './call-source.ts';
import type { Code } from './code.ts';
import { type Instructions, trait } from './instructions.ts';

/** What is shown where a C function runs, but not which can be told. */
export const unknownCallee = '[built-in call]';

/** For how many ms a callee named from source is believed at its place; and for how many, that none can be named there. */
const believedFor = 100;
const doubtedFor = 10;
/** `tp_flags` (Include/object.h): made by a class statement or PyType_FromSpec; cannot be changed from Python. */
const heapType = 1 << 9;
const immutableType = 1 << 8;
/** Words of a value stack that are looked at. */
const mostSlots = 64;

/** Reads the slots of a sampled frame. */
export interface SlotReader {
  slot(frame: FrameView, index: number): Address;
}

/** Names the C functions of one process. */
export class CCallees {
  /** Time of the sample being taken, in ms on any steady clock. */
  now = 0;
  readonly #reader: ObjectReader;
  readonly #instructions: Instructions;
  readonly #source: CallSource;
  readonly #sites = new WeakMap<Code, Map<number, { readonly name: string | undefined; readonly until: number }>>();
  readonly #definitions = new Map<Address, string>();

  constructor(reader: ObjectReader, instructions: Instructions, source: CallSource) {
    this.#reader = reader;
    this.#instructions = instructions;
    this.#source = source;
  }

  /** Name of the C function that `leaf` is calling; undefined where it calls none, or perhaps a Python function. */
  calledBy(leaf: FrameView, slots: SlotReader): string | undefined {
    if (leaf.isInferred || (leaf.traits & trait.call) === 0) return undefined;
    if (this.#reader.layout.minor >= 14) return this.#fromStack(leaf, slots);
    const code = leaf.code as Code;
    let sites = this.#sites.get(code);
    if (sites === undefined) {
      sites = new Map();
      this.#sites.set(code, sites);
    }
    const known = sites.get(leaf.unit);
    if (known && this.now < known.until) return known.name;
    const name = this.#fromSource(leaf, slots);
    sites.set(leaf.unit, { name, until: this.now + (name === undefined ? doubtedFor : believedFor) });
    return name;
  }

  /** 3.14+: the stack pointer is saved around calls; below it lie the callable, a self or NULL, and the arguments. */
  #fromStack(leaf: FrameView, slots: SlotReader): string | undefined {
    if (leaf.stackTop <= 0) return undefined;
    const code = leaf.code as Code;
    const opname = this.#instructions.name[code.opcode[leaf.unit] as number] ?? '';
    const { memory } = this.#reader;
    if (!memory.fetch(code.start + leaf.unit * 2, 2)) return undefined;
    const argument = memory.bytes[1] as number;
    let depth = argument + 2;
    if (/CALL_(FUNCTION_)?EX/.test(opname)) depth = 4;
    else if (opname.includes('CALL_KW')) depth = argument + 3;
    return this.#nameOf(slots.slot(leaf, leaf.stackTop - depth)) ?? undefined;
  }

  /**
   * Up to 3.13 the depth of the value stack is not saved: the source says what is called, and either the instruction,
   * specialised for C functions, or a C function of that name on the value stack says that it is not Python.
   */
  #fromSource(leaf: FrameView, slots: SlotReader): string | undefined {
    const code = leaf.code as Code;
    const { layout } = this.#reader;
    const written = this.#source.calleeAt(code, leaf.unit, layout.minor);
    const last = written?.slice(written.lastIndexOf('.') + 1);
    let pythonCallables = 0;
    let callables = 0;
    // Above its value stack lies what is left of calls that have ended, or another object.
    const end = Math.min(code.localsPlusCount + mostSlots, code.slotCount);
    for (let slot = code.localsPlusCount; slot < end; slot++) {
      const object = slots.slot(leaf, slot);
      if (!isObjectAddress(object)) continue;
      const name = this.#nameOf(object);
      if (name === null) pythonCallables++;
      if (name === undefined || name === null) continue;
      callables++;
      if (last !== undefined && name.slice(name.lastIndexOf('.') + 1) === last) return name;
    }
    if (this.#isSpecialisedForC(code, leaf.unit)) return written ?? unknownCallee;
    return written === undefined && callables > 0 && pythonCallables === 0 ? unknownCallee : undefined;
  }

  /** The opcode as it stands now, which specialising may have changed since the code was decoded. */
  #isSpecialisedForC(code: Code, unit: number): boolean {
    const { memory } = this.#reader;
    if (code.start === 0 || !memory.fetch(code.start + unit * 2, 2)) return false;
    return ((this.#instructions.traits[memory.bytes[0] as number] as number) & trait.callsC) !== 0;
  }

  /**
   * Name of a callable that is written in C; null for one that is not, a function, a bound method or a class; undefined for
   * everything else.
   */
  #nameOf(object: Address): string | null | undefined {
    const reader = this.#reader;
    // Types of callables are static data of the interpreter.
    switch (reader.staticTypeName(reader.typeOf(object))) {
      case 'builtin_function_or_method':
        return this.#builtin(object);
      case 'method_descriptor':
      case 'classmethod_descriptor':
      case 'wrapper_descriptor':
        return this.#descriptor(object);
      case 'type':
        return this.#isWrittenInC(object) ? (shortName(reader.typeName(object)) ?? null) : null;
      case 'function':
      case 'method':
        return null;
      default:
        return undefined;
    }
  }

  /** `sleep` of a module, `list.append` of an instance, `dict.fromkeys` of a type. */
  #builtin(object: Address): string | undefined {
    const { layout, memory } = this.#reader;
    const definition = memory.pointer(object + layout.object.cFunctionDefinition);
    const self = memory.pointer(object + layout.object.cFunctionSelf);
    const name = this.#definitionName(definition);
    if (name === undefined || self === 0) return name;
    const selfType = this.#reader.typeName(this.#reader.typeOf(self));
    if (selfType === 'module') return name;
    const owner = shortName(selfType === 'type' ? this.#reader.typeName(self) : selfType);
    return owner === undefined ? name : `${owner}.${name}`;
  }

  #descriptor(object: Address): string | undefined {
    const { layout, memory } = this.#reader;
    const owner = shortName(this.#reader.typeName(memory.pointer(object + layout.object.descriptorType)));
    const name = this.#reader.string(memory.pointer(object + layout.object.descriptorName));
    return owner === undefined || name === undefined ? undefined : `${owner}.${name}`;
  }

  /** A method table is static data of its library: its name never changes. */
  #definitionName(definition: Address): string | undefined {
    let name = this.#definitions.get(definition);
    if (name === undefined) {
      const { layout, memory } = this.#reader;
      name = this.#reader.cString(memory.pointer(definition + layout.object.definitionName));
      if (name !== undefined) this.#definitions.set(definition, name);
    }
    return name;
  }

  #isWrittenInC(type: Address): boolean {
    const flags = this.#reader.memory.uint32(type + this.#reader.layout.object.typeFlags);
    return flags >= 0 && ((flags & heapType) === 0 || (flags & immutableType) !== 0);
  }
}

const shortName = (name: string | undefined): string | undefined => name?.slice(name.lastIndexOf('.') + 1);
