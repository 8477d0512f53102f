/** Where the sampler finds what in a CPython of one version: the offset tables, under the names the readers use. */
import type { OffsetTable } from './offsets/index.ts';

type Fields = Readonly<Record<string, number>>;

/** Bytes from the start of each structure. Fields that a version lacks are −1. */
export interface Layout {
  readonly minor: number;
  readonly freeThreaded: boolean;
  readonly runtime: ReturnType<typeof runtimeFields>;
  readonly interpreter: ReturnType<typeof interpreterFields>;
  readonly gil: ReturnType<typeof gilFields>;
  readonly thread: ReturnType<typeof threadFields>;
  readonly frame: ReturnType<typeof frameFields>;
  readonly code: ReturnType<typeof codeFields>;
  readonly generator: ReturnType<typeof generatorFields>;
  readonly object: ReturnType<typeof objectFields>;
  /** The whole table, for structures read seldom. */
  readonly structs: Readonly<Record<string, Fields>>;
}

const first = (fields: Fields, ...names: readonly string[]): number => {
  for (const name of names) {
    const offset = fields[name];
    if (offset !== undefined) return offset;
  }
  return -1;
};

const runtimeFields = (of: Fields) => ({
  interpretersHead: first(of, 'interpreters.head'),
  finalizing: first(of, '_finalizing', 'finalizing'),
  /** Thread state that holds the GIL, 3.8–3.11. */
  currentThread: first(of, 'gilstate.tstate_current'),
  /** The GIL itself, 3.8–3.11. */
  gil: first(of, 'ceval.gil'),
});

const interpreterFields = (of: Fields) => ({
  next: first(of, 'next'),
  threadsHead: first(of, 'threads.head', 'tstate_head'),
  /** Pointer to the GIL, 3.12+. */
  gilPointer: first(of, 'ceval.gil'),
  sysDict: first(of, 'sysdict'),
  modules: first(of, 'imports.modules', 'modules'),
});

const gilFields = (of: Fields) => ({
  size: first(of, 'sizeof'),
  lastHolder: first(of, 'last_holder'),
  locked: first(of, 'locked'),
  switchNumber: first(of, 'switch_number'),
});

const threadFields = (of: Fields) => ({
  next: first(of, 'next'),
  /** 3.8–3.10: the PyFrameObject that runs. 3.13+: the _PyInterpreterFrame that runs. */
  frame: first(of, 'current_frame', 'frame'),
  /** 3.11, 3.12: the _PyCFrame that points to the frame that runs. */
  cframe: first(of, 'cframe'),
  threadId: first(of, 'thread_id'),
  nativeThreadId: first(of, 'native_thread_id'),
  /** 3.13+: 0 detached, 1 attached, 2 suspended. */
  state: first(of, 'state'),
  dataStackChunk: first(of, 'datastack_chunk'),
  dataStackTop: first(of, 'datastack_top'),
});

const frameFields = (interpreterFrame: Fields, frameObject: Fields) => ({
  previous: first(interpreterFrame, 'previous'),
  executable: first(interpreterFrame, 'f_executable', 'f_code'),
  instruction: first(interpreterFrame, 'instr_ptr', 'prev_instr'),
  /** 3.11–3.13: index (int32). 3.14+: pointer. */
  stackTop: first(interpreterFrame, 'stackpointer', 'stacktop'),
  function: first(interpreterFrame, 'f_funcobj', 'f_func'),
  owner: first(interpreterFrame, 'owner'),
  isEntry: first(interpreterFrame, 'is_entry'),
  tlbcIndex: first(interpreterFrame, 'tlbc_index'),
  localsPlus: first(interpreterFrame, 'localsplus'),
  /** The PyFrameObject of 3.8–3.10. */
  back: first(frameObject, 'f_back'),
  code: first(frameObject, 'f_code'),
  lastInstruction: first(frameObject, 'f_lasti'),
  executing: first(frameObject, 'f_executing'),
  state: first(frameObject, 'f_state'),
  objectLocals: first(frameObject, 'f_localsplus'),
});

const codeFields = (of: Fields) => ({
  size: first(of, 'sizeof'),
  argumentCount: first(of, 'co_argcount'),
  stackSize: first(of, 'co_stacksize'),
  flags: first(of, 'co_flags'),
  firstLine: first(of, 'co_firstlineno'),
  localsCount: first(of, 'co_nlocals'),
  localsPlusCount: first(of, 'co_nlocalsplus'),
  localsPlusNames: first(of, 'co_localsplusnames', 'co_varnames'),
  cellVariables: first(of, 'co_cellvars'),
  cellToArgument: first(of, 'co_cell2arg'),
  frameSize: first(of, 'co_framesize'),
  version: first(of, 'co_version'),
  name: first(of, 'co_name'),
  qualname: first(of, 'co_qualname'),
  file: first(of, 'co_filename'),
  lineTable: first(of, 'co_linetable', 'co_lnotab'),
  /** 3.11+: the bytecode, in the object itself. */
  adaptive: first(of, 'co_code_adaptive'),
  /** 3.8–3.10: pointer to a bytes object. */
  bytecode: first(of, 'co_code'),
  firstTraceable: first(of, '_co_firsttraceable'),
  monitoring: first(of, '_co_monitoring'),
  executors: first(of, 'co_executors'),
  tlbc: first(of, 'co_tlbc'),
});

const generatorFields = (of: Fields) => ({
  frameState: first(of, 'frame_state'),
  frame: first(of, 'iframe'),
});

const objectFields = (structs: Readonly<Record<string, Fields>>) => {
  const of = (struct: string, field: string): number => first(structs[struct] ?? {}, field);
  return {
    type: of('PyObject', 'ob_type'),
    variableSize: of('PyVarObject', 'ob_size'),
    typeName: of('PyTypeObject', 'tp_name'),
    typeFlags: of('PyTypeObject', 'tp_flags'),
    typeMro: of('PyTypeObject', 'tp_mro'),
    typeDict: of('PyTypeObject', 'tp_dict'),
    stringLength: of('PyASCIIObject', 'length'),
    stringHash: of('PyASCIIObject', 'hash'),
    stringState: of('PyASCIIObject', 'state'),
    asciiData: of('PyASCIIObject', 'sizeof'),
    compactData: of('PyCompactUnicodeObject', 'sizeof'),
    bytesData: of('PyBytesObject', 'ob_sval'),
    tupleItems: of('PyTupleObject', 'ob_item'),
    listItems: of('PyListObject', 'ob_item'),
    functionCode: of('PyFunctionObject', 'func_code'),
    functionVersion: of('PyFunctionObject', 'func_version'),
    methodFunction: of('PyMethodObject', 'im_func'),
    cFunctionDefinition: of('PyCFunctionObject', 'm_ml'),
    cFunctionSelf: of('PyCFunctionObject', 'm_self'),
    definitionName: of('PyMethodDef', 'ml_name'),
    descriptorType: of('PyDescrObject', 'd_type'),
    descriptorName: of('PyDescrObject', 'd_name'),
    cellContents: of('PyCellObject', 'ob_ref'),
    moduleDict: of('PyModuleObject', 'md_dict'),
  };
};

/** Names the offsets that sampling needs. */
export function layoutOf(minor: number, table: OffsetTable): Layout {
  const structs = table.structs;
  const of = (name: string): Fields => structs[name] ?? {};
  return {
    minor,
    freeThreaded: table.freeThreaded,
    runtime: runtimeFields(of('_PyRuntimeState')),
    interpreter: interpreterFields(of('PyInterpreterState')),
    gil: gilFields(of('_gil_runtime_state')),
    thread: threadFields(of('PyThreadState')),
    frame: frameFields(of('_PyInterpreterFrame'), of('PyFrameObject')),
    code: codeFields(of('PyCodeObject')),
    generator: generatorFields(of('PyGenObject')),
    object: objectFields(structs),
    structs,
  };
}
