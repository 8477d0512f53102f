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

/** Methods that run the generator or coroutine that is their self. */
const resuming = /^(?:generator|coroutine)\.(send|throw|close|__next__)$/;

/** A call of a C function. */
interface Call {
  readonly name: string;
  /** The callable's slot in the caller's frame, −1 where that is not known; its self and its arguments follow. */
  readonly callable: number;
  /** How many of the slots before `end` are arguments that the call counts. */
  readonly count: number;
  readonly end: number;
}

/** What was found at a place in the code, for some time. */
interface Site {
  /** What the instruction says of the number of arguments. */
  readonly count: number;
  callable: Address;
  until: number;
  call: Call | undefined;
}

const unplaced = (name: string): Call => ({ name, callable: -1, count: 0, end: -1 });

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
  readonly #sites = new WeakMap<Code, Map<number, Site>>();
  readonly #definitions = new Map<Address, string>();

  constructor(reader: ObjectReader, instructions: Instructions, source: CallSource) {
    this.#reader = reader;
    this.#instructions = instructions;
    this.#source = source;
  }

  /** Name of the C function that `leaf` is calling; undefined where it calls none, or perhaps a Python function. */
  calledBy(leaf: FrameView, slots: SlotReader): string | undefined {
    return this.#callOf(leaf, slots)?.name;
  }

  /** The generator that `leaf` resumes by calling `next`, `send` or the like; 0 where it does not, or that is not known. */
  resumedBy(leaf: FrameView, slots: SlotReader): Address {
    const call = this.#callOf(leaf, slots);
    const [, method] = call === undefined ? [] : (resuming.exec(call.name) ?? []);
    if (call === undefined || call.callable < 0 || (method === undefined && call.name !== 'next')) return 0;
    if (method === undefined) return slots.slot(leaf, call.end - call.count);
    const { memory, layout } = this.#reader;
    const callable = slots.slot(leaf, call.callable);
    return this.#isBound(callable)
      ? memory.pointer(callable + layout.object.cFunctionSelf)
      : slots.slot(leaf, call.callable + 1);
  }

  /** The first object that fits of those that `leaf` passes to the C function that it calls; 0 where none does. */
  passedBy(leaf: FrameView, slots: SlotReader, fits: (object: Address) => boolean): Address {
    const call = this.#callOf(leaf, slots);
    if (call === undefined || call.callable < 0) return 0;
    for (let slot = call.callable + 1; slot < call.end; slot++) {
      const object = slots.slot(leaf, slot);
      if (fits(object)) return object;
    }
    return 0;
  }

  #callOf(leaf: FrameView, slots: SlotReader): Call | undefined {
    if (leaf.isInferred || (leaf.traits & trait.call) === 0) return undefined;
    const code = leaf.code as Code;
    let sites = this.#sites.get(code);
    if (sites === undefined) {
      sites = new Map();
      this.#sites.set(code, sites);
    }
    let site = sites.get(leaf.unit);
    if (site === undefined) {
      site = { count: this.#argumentCount(code, leaf.unit), callable: 0, until: -1, call: undefined };
      sites.set(leaf.unit, site);
    }
    if (this.#reader.layout.minor >= 14) this.#fromStack(site, leaf, slots);
    else if (this.now >= site.until) {
      site.call = this.#fromSource(site.count, leaf, slots);
      site.until = this.now + (site.call === undefined ? doubtedFor : believedFor);
    }
    return site.call;
  }

  /** 3.14+: the stack pointer is saved around calls; below it lie the callable, a self or NULL, and the arguments. */
  #fromStack(site: Site, leaf: FrameView, slots: SlotReader): void {
    const code = leaf.code as Code;
    const opname = this.#instructions.name[code.opcode[leaf.unit] as number] ?? '';
    let { count } = site;
    let extra = 2;
    if (/CALL_(FUNCTION_)?EX/.test(opname)) [count, extra] = [0, 4];
    else if (opname.includes('_KW')) extra = 3;
    const callable = leaf.stackTop <= 0 ? -1 : leaf.stackTop - count - extra;
    const object = slots.slot(leaf, callable);
    if (object === site.callable && this.now < site.until) return;
    const name = this.#nameOf(object);
    site.callable = object;
    site.until = this.now + believedFor;
    site.call = name ? { name, callable, count, end: callable + 2 + count } : undefined;
  }

  /**
   * Up to 3.13: the depth of the value stack is not saved. The source says what is called, and either the instruction,
   * specialised for C functions, or a C function of that name on the value stack says that it is not Python.
   */
  #fromSource(count: number, leaf: FrameView, slots: SlotReader): Call | undefined {
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
      if (last !== undefined && name.slice(name.lastIndexOf('.') + 1) === last) {
        // A self, or NULL, lies after the callable (3.13); before it (3.11, 3.12) unless that is a method.
        const extra = layout.minor >= 13 || !this.#isBound(object) ? 2 : 1;
        return { name, callable: slot, count, end: slot + extra + count };
      }
    }
    if (this.#isSpecialisedForC(code, leaf.unit)) return unplaced(written ?? unknownCallee);
    return written === undefined && callables > 0 && pythonCallables === 0 ? unplaced(unknownCallee) : undefined;
  }

  /** How many arguments the call at `unit` says that it passes. */
  #argumentCount(code: Code, unit: number): number {
    const { memory } = this.#reader;
    return memory.fetch(code.start + unit * 2, 2) ? (memory.bytes[1] as number) : 0;
  }

  /** Whether a callable written in C carries its self: a function of a module, or a bound method. */
  #isBound(callable: Address): boolean {
    return this.#reader.staticTypeName(this.#reader.typeOf(callable)) === 'builtin_function_or_method';
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
