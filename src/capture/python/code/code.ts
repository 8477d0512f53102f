/** A code object as the sampler needs it: names, lines, and what each instruction means for the frame that is at it. */
import { type Address, isObjectAddress } from '../../memory/process-memory.ts';
import type { Layout } from '../objects/layout.ts';
import type { ObjectReader } from '../objects/objects.ts';
import { type Instructions, trait } from './instructions.ts';
import { revealInstructions } from './instrumented.ts';
import { decodeLines } from './line-table.ts';

/** Flags of `co_flags` (Include/cpython/code.h). */
const flag = { optimized: 0x1, generator: 0x20, coroutine: 0x80, asyncGenerator: 0x200 } as const;

/** Code units of one function that are looked at; longer ones are not Python. */
const mostUnits = 4_000_000;
/** Code units that one entry of a 3.11+ line table covers at most; code without a table is believed up to a length. */
const unitsPerEntry = 8;
const mostUnitsWithoutLines = 65_536;
/** Bytes of line table per code unit, for lines without code, and in all. */
const lineBytesPerUnit = 32;
const lineBytesBeside = 2 ** 20;
const mostLineBytes = 2 ** 24;
/** Most locals, and words of value stack, of one function. */
const mostSlots = 1_000_000;
/** Words that a frame of a version not known yet may have beside those. */
const otherWords = 16;

/** One function's code. Everything is fixed but the last four fields. */
export interface Code {
  readonly address: Address;
  readonly name: string;
  readonly qualname: string;
  readonly file: string;
  readonly firstLine: number;
  /** Address of the first instruction; 0 on 3.8–3.10, whose frames hold an index. */
  readonly start: Address;
  /** Length in two-byte code units; the columns below have this length. */
  readonly units: number;
  /** The unit at which the instruction that a unit belongs to begins. */
  readonly instruction: Int32Array;
  /** {@link trait} bits of that instruction. */
  readonly traits: Uint8Array;
  readonly opcode: Uint8Array;
  /** Bytes that a frame of this code takes on the data stack (3.11+). */
  readonly frameSize: number;
  readonly localsPlusCount: number;
  /** Slots of a frame: locals, cells and value stack. */
  readonly slotCount: number;
  readonly argumentCount: number;
  readonly isGenerator: boolean;
  /** False for modules, class bodies and what `exec` runs: such code is freed as soon as it has run. */
  readonly isFunction: boolean;
  /** Unit of RETURN_GENERATOR, −1 where there is none. */
  readonly makesGeneratorAt: number;
  /** The few instructions below a Python `__init__` that C calls (3.13+): no function of the program. */
  readonly isTrampoline: boolean;
  /** Unit before which the frame is still being set up. */
  readonly firstTraceable: number;
  /** `co_version` (3.12+), 0 where there is none. */
  readonly version: number;
  readonly lineTable: Uint8Array;
  /** Position of `__tracebackhide__` or `__traceback_hide__` among the locals; −1: no such local. */
  readonly hiddenLocal: number;
  /** Line of each unit, −1 where it has none. */
  readonly lines: Int32Array;
  /** Class that defines this method; undefined until it is known, null for a plain function. */
  className: string | null | undefined;
  /** Caller's scratch: what it numbers the place of each unit, −1 for none yet; visible and hidden frames apart. */
  readonly locations: Int32Array;
  readonly hiddenLocations: Int32Array | undefined;
  /** Up to when it is believed to lie at its address still, in ms: the cache's word. */
  trustedUntil: number;
}

/** Reads the code object at `address`. @returns undefined where it is none, or is being changed */
export function readCode(reader: ObjectReader, instructions: Instructions, address: Address): Code | undefined {
  const { layout, memory } = reader;
  const at = layout.code;
  if (!isObjectAddress(address)) return undefined;
  // One read holds most of the time the instructions, too.
  const read = memory.read(address, memory.bytes);
  if (read < at.size) return undefined;
  const view = new DataView(memory.bytes.slice(0, at.size).buffer);
  const pointer = (offset: number) => pointerAt(view, offset);
  const bytecode = readBytecode(reader, address, pointer, read);
  const name = reader.string(pointer(at.name));
  const file = reader.string(pointer(at.file));
  if (!bytecode || name === undefined || file === undefined) return undefined;
  const units = bytecode.length >> 1;
  const longest = Math.min(mostLineBytes, units * lineBytesPerUnit + lineBytesBeside);
  const lineTable = reader.bytes(pointer(at.lineTable), longest);
  const localsPlusCount = view.getInt32(at.localsPlusCount < 0 ? at.localsCount : at.localsPlusCount, true);
  const frameSize = frameSizeOf(layout, view, localsPlusCount);
  if (!lineTable || frameSize === undefined || isTooLong(layout, units, lineTable)) return undefined;
  if (at.monitoring >= 0) revealInstructions(reader, instructions, pointer(at.monitoring), bytecode);
  const qualname = qualnameOf(reader, at.qualname < 0 ? 0 : pointer(at.qualname), pointer(at.name), name);
  const firstLine = Math.max(0, view.getInt32(at.firstLine, true));
  const flags = view.getUint32(at.flags, true);
  const isGenerator = (flags & (flag.generator | flag.coroutine | flag.asyncGenerator)) !== 0;
  const decoded = decodeInstructions(layout, instructions, bytecode);
  const isFunction = (flags & flag.optimized) !== 0;
  const argumentCount = view.getInt32(at.argumentCount, true);
  const names = isFunction ? pointer(at.localsPlusNames) : 0;
  const hiddenLocal = hiddenLocalOf(reader, names, argumentCount, localsPlusCount);
  return {
    address,
    name,
    qualname: qualname ?? name,
    file,
    firstLine,
    start: at.adaptive < 0 ? 0 : address + at.adaptive,
    units,
    ...decoded,
    frameSize,
    localsPlusCount,
    slotCount: slotCountOf(reader, view, frameSize, localsPlusCount),
    argumentCount,
    isGenerator,
    isFunction,
    makesGeneratorAt: decoded.traits.findIndex((traits) => (traits & trait.makesGenerator) !== 0),
    isTrampoline: layout.minor >= 13 && units < 8 && decoded.traits.some((traits) => (traits & trait.checksInit) !== 0),
    firstTraceable: at.firstTraceable < 0 ? 0 : view.getInt32(at.firstTraceable, true),
    version: at.version < 0 ? 0 : view.getUint32(at.version, true),
    lineTable,
    hiddenLocal,
    lines: decodeLines(layout.minor, lineTable, firstLine, units),
    className: classOf(qualname, isFunction),
    locations: new Int32Array(units + 1).fill(-1),
    hiddenLocations: hiddenLocal < 0 ? undefined : new Int32Array(units + 1).fill(-1),
    trustedUntil: -1,
  };
}

function readBytecode(
  reader: ObjectReader,
  address: Address,
  pointer: (offset: number) => Address,
  read: number,
): Uint8Array | undefined {
  const { layout, memory } = reader;
  if (layout.code.adaptive < 0) return reader.bytes(pointer(layout.code.bytecode), mostUnits * 2);
  const units = memory.view.getUint32(layout.object.variableSize, true);
  return units > mostUnits ? undefined : reader.part(address, layout.code.adaptive, units * 2, read);
}

const pointerAt = (view: DataView, offset: number): Address =>
  view.getUint32(offset, true) + view.getUint32(offset + 4, true) * 2 ** 32;

/**
 * Bytes of a frame: locals, value stack and _PyInterpreterFrame. 3.12+ say so themselves in `co_framesize`.
 * @returns undefined where the numbers are garbage
 */
function frameSizeOf(layout: Layout, view: DataView, localsPlusCount: number): number | undefined {
  const at = layout.code;
  const stackSize = view.getInt32(at.stackSize, true);
  if (localsPlusCount < 0 || localsPlusCount > mostSlots || stackSize < 0 || stackSize > mostSlots) return undefined;
  const size = (localsPlusCount + stackSize) * 8 + layout.frame.localsPlus;
  const said = at.frameSize >= 0 ? view.getInt32(at.frameSize, true) * 8 : size;
  return said >= size && said <= size + otherWords * 8 ? said : undefined;
}

/** Undefined where the version has none. Of what is defined in no class or function it is the name, the same object. */
function qualnameOf(reader: ObjectReader, qualname: Address, nameAt: Address, name: string): string | undefined {
  if (qualname === nameAt) return name;
  return qualname === 0 ? undefined : reader.string(qualname);
}

function slotCountOf(reader: ObjectReader, view: DataView, frameSize: number, localsPlusCount: number): number {
  const { frame, code, minor } = reader.layout;
  if (minor >= 11) return (frameSize - frame.localsPlus) / 8;
  const cells = [code.cellVariables, code.freeVariables].map((at) => reader.tuple(pointerAt(view, at)).length);
  return cells.reduce((sum, count) => sum + count, localsPlusCount) + view.getInt32(code.stackSize, true);
}

function isTooLong(layout: Layout, units: number, lineTable: Uint8Array): boolean {
  return layout.minor >= 11 && units > Math.max(mostUnitsWithoutLines, lineTable.length * unitsPerEntry);
}

/**
 * Where instructions begin. Specialising rewrites opcodes while the program runs, but not where instructions begin, nor what
 * is asked of them here, but for calls that cease to name their callee (`FrameDecoder.mayCall`).
 */
function decodeInstructions(
  layout: Layout,
  { traits: traitsOf, cacheUnits }: Instructions,
  bytecode: Uint8Array,
): Pick<Code, 'instruction' | 'traits' | 'opcode'> {
  const units = bytecode.length >> 1;
  const instruction = new Int32Array(units);
  const traits = new Uint8Array(units);
  const opcode = new Uint8Array(units);
  for (let unit = 0; unit < units; ) {
    const number = bytecode[unit * 2] as number;
    const end = Math.min(units, unit + 1 + (layout.minor >= 11 ? (cacheUnits[number] as number) : 0));
    instruction.fill(unit, unit, end);
    opcode.fill(number, unit, end);
    traits.fill(traitsOf[number] as number, unit, end);
    unit = end;
  }
  return { instruction, traits, opcode };
}

/** @param from position of the first one that may be no argument */
function hiddenLocalOf(reader: ObjectReader, names: Address, from: number, to: number): number {
  if (names === 0 || from < 0 || from >= to) return -1;
  const found = reader
    .tuple(names)
    .slice(from, to)
    .findIndex((name) => /^__traceback_?hide__$/.test(reader.string(name) ?? ''));
  return found < 0 ? -1 : from + found;
}

/**
 * The class in whose body the function is defined, from `co_qualname` (3.11+): right for subclasses, class methods and
 * functions that have no `self` left. Undefined where the version does not say.
 */
function classOf(qualname: string | undefined, isFunction: boolean): string | null | undefined {
  if (qualname === undefined) return undefined;
  if (!isFunction) return null;
  const parts = qualname.split('.');
  const owner = parts.at(-2);
  // `<locals>`, or the comprehension, generator expression or lambda around it.
  return owner === undefined || owner.startsWith('<') ? null : owner;
}
