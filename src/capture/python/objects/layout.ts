/** Where the sampler finds what in a CPython of one version: the offset tables, under the names the readers use. */
import type { OffsetTable } from '../offsets/index.ts';

type Fields = Readonly<Record<string, number>>;

type Names = Readonly<Record<string, readonly string[]>>;
type Offsets<N extends Names> = { readonly [Field in keyof N]: number };

const runtimeNames = {
  interpretersHead: ['interpreters.head'],
  finalizing: ['_finalizing', 'finalizing'],
  /** Thread state that holds the GIL, 3.8–3.11. */
  currentThread: ['gilstate.tstate_current'],
  /** The GIL itself, 3.8–3.11. */
  gil: ['ceval.gil'],
} as const;

const interpreterNames = {
  next: ['next'],
  threadsHead: ['threads.head', 'tstate_head'],
  /** Pointer to the GIL, 3.12+. */
  gilPointer: ['ceval.gil'],
  sysDict: ['sysdict'],
  modules: ['imports.modules', 'modules'],
} as const;

const gilNames = {
  size: ['sizeof'],
  lastHolder: ['last_holder'],
  locked: ['locked'],
  switchNumber: ['switch_number'],
} as const;

const threadNames = {
  next: ['next'],
  /** 3.8–3.10: the PyFrameObject that runs. 3.13+: the _PyInterpreterFrame that runs. */
  frame: ['current_frame', 'frame'],
  /** 3.11, 3.12: the _PyCFrame that points to the frame that runs. */
  cframe: ['cframe'],
  threadId: ['thread_id'],
  nativeThreadId: ['native_thread_id'],
  /** 3.13+: 0 detached, 1 attached, 2 suspended. */
  state: ['state'],
  dataStackChunk: ['datastack_chunk'],
  dataStackTop: ['datastack_top'],
} as const;

const codeNames = {
  size: ['sizeof'],
  argumentCount: ['co_argcount'],
  stackSize: ['co_stacksize'],
  flags: ['co_flags'],
  firstLine: ['co_firstlineno'],
  localsCount: ['co_nlocals'],
  localsPlusCount: ['co_nlocalsplus'],
  localsPlusNames: ['co_localsplusnames', 'co_varnames'],
  cellVariables: ['co_cellvars'],
  freeVariables: ['co_freevars'],
  cellToArgument: ['co_cell2arg'],
  frameSize: ['co_framesize'],
  version: ['co_version'],
  name: ['co_name'],
  qualname: ['co_qualname'],
  file: ['co_filename'],
  lineTable: ['co_linetable', 'co_lnotab'],
  /** 3.11+: the bytecode, in the object itself. */
  adaptive: ['co_code_adaptive'],
  /** 3.8–3.10: pointer to a bytes object. */
  bytecode: ['co_code'],
  firstTraceable: ['_co_firsttraceable'],
  monitoring: ['_co_monitoring'],
  executors: ['co_executors'],
  tlbc: ['co_tlbc'],
} as const;

const generatorNames = {
  frameState: ['frame_state'],
  frame: ['iframe'],
} as const;

const frameNames = {
  previous: ['previous'],
  executable: ['f_executable', 'f_code'],
  instruction: ['instr_ptr', 'prev_instr'],
  /** 3.11–3.13: index (int32). 3.14+: pointer. */
  stackTop: ['stackpointer', 'stacktop'],
  function: ['f_funcobj', 'f_func'],
  owner: ['owner'],
  isEntry: ['is_entry'],
  tlbcIndex: ['tlbc_index'],
  localsPlus: ['localsplus'],
} as const;

/** The PyFrameObject of 3.8–3.10. */
const frameObjectNames = {
  back: ['f_back'],
  code: ['f_code'],
  lastInstruction: ['f_lasti'],
  executing: ['f_executing'],
  state: ['f_state'],
  objectLocals: ['f_localsplus'],
} as const;

/** Struct and field of what is read of objects. */
const objectNames = {
  type: ['PyObject', 'ob_type'],
  variableSize: ['PyVarObject', 'ob_size'],
  typeName: ['PyTypeObject', 'tp_name'],
  typeFlags: ['PyTypeObject', 'tp_flags'],
  typeMro: ['PyTypeObject', 'tp_mro'],
  typeDict: ['PyTypeObject', 'tp_dict'],
  stringLength: ['PyASCIIObject', 'length'],
  stringHash: ['PyASCIIObject', 'hash'],
  stringState: ['PyASCIIObject', 'state'],
  asciiData: ['PyASCIIObject', 'sizeof'],
  compactData: ['PyCompactUnicodeObject', 'sizeof'],
  bytesData: ['PyBytesObject', 'ob_sval'],
  tupleItems: ['PyTupleObject', 'ob_item'],
  listItems: ['PyListObject', 'ob_item'],
  functionCode: ['PyFunctionObject', 'func_code'],
  functionVersion: ['PyFunctionObject', 'func_version'],
  methodFunction: ['PyMethodObject', 'im_func'],
  cFunctionDefinition: ['PyCFunctionObject', 'm_ml'],
  cFunctionSelf: ['PyCFunctionObject', 'm_self'],
  definitionName: ['PyMethodDef', 'ml_name'],
  descriptorType: ['PyDescrObject', 'd_type'],
  descriptorName: ['PyDescrObject', 'd_name'],
  cellContents: ['PyCellObject', 'ob_ref'],
  moduleDict: ['PyModuleObject', 'md_dict'],
} as const;

/** Bytes from the start of each structure. Fields that a version lacks are −1. */
export interface Layout {
  readonly minor: number;
  readonly freeThreaded: boolean;
  readonly runtime: Offsets<typeof runtimeNames>;
  readonly interpreter: Offsets<typeof interpreterNames>;
  readonly gil: Offsets<typeof gilNames>;
  readonly thread: Offsets<typeof threadNames>;
  readonly frame: Offsets<typeof frameNames> & Offsets<typeof frameObjectNames>;
  readonly code: Offsets<typeof codeNames>;
  readonly generator: Offsets<typeof generatorNames>;
  readonly object: Offsets<typeof objectNames>;
  /** The whole table, for structures read seldom. */
  readonly structs: Readonly<Record<string, Fields>>;
}

/** The first of `names` that the version has, for each field; −1 where it has none. */
function offsets<N extends Names>(fields: Fields, names: N): Offsets<N> {
  return Object.fromEntries(
    Object.entries(names).map(([field, candidates]) => [
      field,
      candidates.map((name) => fields[name]).find((offset) => offset !== undefined) ?? -1,
    ]),
  ) as Offsets<N>;
}

function objectOffsets(structs: Readonly<Record<string, Fields>>): Offsets<typeof objectNames> {
  return Object.fromEntries(
    Object.entries(objectNames).map(([field, [struct, name]]) => [field, structs[struct]?.[name] ?? -1]),
  ) as Offsets<typeof objectNames>;
}

/** Names the offsets that sampling needs. */
export function layoutOf(minor: number, table: OffsetTable): Layout {
  const structs = table.structs;
  const of = (name: string): Fields => structs[name] ?? {};
  return {
    minor,
    freeThreaded: table.freeThreaded,
    runtime: offsets(of('_PyRuntimeState'), runtimeNames),
    interpreter: offsets(of('PyInterpreterState'), interpreterNames),
    gil: offsets(of('_gil_runtime_state'), gilNames),
    thread: offsets(of('PyThreadState'), threadNames),
    frame: { ...offsets(of('_PyInterpreterFrame'), frameNames), ...offsets(of('PyFrameObject'), frameObjectNames) },
    code: offsets(of('PyCodeObject'), codeNames),
    generator: offsets(of('PyGenObject'), generatorNames),
    object: objectOffsets(structs),
    structs,
  };
}
