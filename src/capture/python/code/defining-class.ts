/** Which class defines the method that a frame runs: for 3.8–3.10, whose code objects do not say. */
import type { Address } from '../../memory/process-memory.ts';
import type { ObjectReader } from '../objects/objects.ts';
import type { FrameView } from '../walk/frame-view.ts';
import type { SlotReader } from './c-callee.ts';
import type { Code } from './code.ts';

/** `tp_flags` bit of types (Include/object.h, Py_TPFLAGS_TYPE_SUBCLASS). */
const typeSubclass = 2 ** 31;
const mostBases = 100;

/**
 * Finds the class among the bases of the first argument's type (or of the first argument itself, for class methods)
 * that has a function with this code. A method found in none of them belongs to that type as pyinstrument shows it.
 * @returns null where the first argument is no `self` or `cls`; undefined where it cannot be told from this sample
 */
export function definingClass(
  reader: ObjectReader,
  code: Code,
  frame: FrameView,
  slots: SlotReader,
): string | null | undefined {
  const { memory, layout } = reader;
  if (code.argumentCount < 1) return null;
  const name = reader.string(reader.tuple(memory.pointer(code.address + layout.code.localsPlusNames))[0] ?? 0);
  if (name !== 'self' && name !== 'cls') return null;
  const first = slots.slot(frame, 0) || firstArgumentCell(reader, code, frame, slots);
  const type = reader.typeOf(first);
  if (type === 0) return undefined;
  const isType = memory.uint32(type + layout.object.typeFlags) >= typeSubclass;
  if (name === 'cls' && !isType) return null;
  const start = isType && name === 'cls' ? first : type;
  const bases = reader.tuple(memory.pointer(start + layout.object.typeMro)).slice(0, mostBases);
  const found = short(reader.typeName(bases.find((base) => defines(reader, base, code)) ?? start));
  // A frame that has ended keeps no argument alive: what was read may be of another object at the same place.
  return isAsSampled(reader, code, frame, slots) ? found : undefined;
}

/** Whether the frame still runs `code`, with the first argument that it had in the sample. */
function isAsSampled({ memory, layout }: ObjectReader, code: Code, frame: FrameView, slots: SlotReader): boolean {
  const first = memory.pointer(frame.address + layout.frame.objectLocals);
  return first === slots.slot(frame, 0) && memory.pointer(frame.address + layout.frame.code) === code.address;
}

const short = (name: string | undefined): string | undefined => name?.slice(name.lastIndexOf('.') + 1);

/** A first argument that an inner function uses is moved into a cell (Objects/codeobject.c, co_cell2arg). */
function firstArgumentCell(reader: ObjectReader, code: Code, frame: FrameView, slots: SlotReader): Address {
  const { memory, layout } = reader;
  const cellToArgument = memory.pointer(code.address + layout.code.cellToArgument);
  const cells = reader.tuple(memory.pointer(code.address + layout.code.cellVariables)).length;
  if (cellToArgument === 0) return 0;
  const arguments_ = new Uint8Array(cells * 8);
  memory.read(cellToArgument, arguments_);
  const words = new DataView(arguments_.buffer);
  for (let cell = 0; cell < cells; cell++) {
    if (words.getInt32(cell * 8, true) !== 0 || words.getInt32(cell * 8 + 4, true) !== 0) continue;
    const object = slots.slot(frame, code.localsPlusCount + cell);
    return object === 0 ? 0 : memory.pointer(object + layout.object.cellContents);
  }
  return 0;
}

/** Whether the class has, under the function's name, a function, property or decorated method that runs `code`. */
function defines(reader: ObjectReader, type: Address, code: Code): boolean {
  const { memory, layout } = reader;
  // Both names are interned: the same string object.
  const name = memory.pointer(code.address + layout.code.name);
  let attribute = 0;
  for (const [key, value] of reader.dictEntries(memory.pointer(type + layout.object.typeDict))) {
    if (key === name) attribute = value;
  }
  if (attribute === 0) return false;
  const candidates = [attribute];
  // property: getter, setter, deleter follow the head; classmethod and staticmethod hold one function there.
  const holder = reader.typeName(reader.typeOf(attribute));
  if (holder === 'property' || holder === 'classmethod' || holder === 'staticmethod') {
    for (const offset of [16, 24, 32]) candidates.push(memory.pointer(attribute + offset));
  } else if (holder !== 'function') return true;
  return candidates.some(
    (object) =>
      reader.typeName(reader.typeOf(object)) === 'function' &&
      memory.pointer(object + layout.object.functionCode) === code.address,
  );
}
