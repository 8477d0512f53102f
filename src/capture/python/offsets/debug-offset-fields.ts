/** Which field of the offset tables does each entry of CPython's debug offsets give? */

/** A field of `OffsetTable.structs`. */
export type FieldName = readonly [struct: string, field: string];

const group = (struct: string, prefix: string, fields: string): readonly (readonly [string, FieldName])[] =>
  fields.split(' ').map((pair): readonly [string, FieldName] => {
    const [entry, field] = pair.split('=') as [string, string?];
    return [`${prefix}.${entry}`, [struct, field ?? entry]];
  });

/**
 * Entry of the debug offsets to field. Entries that are relative to something else (`gc.*`, the GIL inside the
 * interpreter) are not here. Source: `_Py_DebugOffsets_INIT` in Include/internal/pycore_debug_offsets.h (3.14, 3.15) and
 * pycore_runtime_init.h (3.13).
 */
export const debugOffsetFields: ReadonlyMap<string, FieldName> = new Map([
  ...group(
    '_PyRuntimeState',
    'runtime_state',
    'size=sizeof finalizing=_finalizing interpreters_head=interpreters.head',
  ),
  ...group(
    'PyInterpreterState',
    'interpreter_state',
    'size=sizeof id next threads_head=threads.head threads_main=threads.main gc imports_modules=imports.modules sysdict ' +
      'builtins ceval_gil=ceval.gil gil_runtime_state=_gil gil_runtime_state_locked=_gil.locked ' +
      'gil_runtime_state_holder=_gil.last_holder code_object_generation=_code_object_generation ' +
      'tlbc_generation=tlbc_indices.tlbc_generation',
  ),
  ...group(
    'PyThreadState',
    'thread_state',
    'size=sizeof prev next interp current_frame base_frame thread_id native_thread_id datastack_chunk status=_status ' +
      'holds_gil gil_requested current_exception exc_state',
  ),
  ...group('_PyErr_StackItem', 'err_stackitem', 'exc_value'),
  ...group(
    '_PyInterpreterFrame',
    'interpreter_frame',
    'size=sizeof previous executable=f_executable instr_ptr localsplus owner stackpointer tlbc_index',
  ),
  ...group(
    'PyCodeObject',
    'code_object',
    'size=sizeof filename=co_filename name=co_name qualname=co_qualname linetable=co_linetable ' +
      'firstlineno=co_firstlineno argcount=co_argcount localsplusnames=co_localsplusnames ' +
      'localspluskinds=co_localspluskinds co_code_adaptive co_tlbc',
  ),
  ...group('PyObject', 'pyobject', 'size=sizeof ob_type'),
  ...group('PyTypeObject', 'type_object', 'size=sizeof tp_name tp_repr tp_flags tp_basicsize tp_dictoffset'),
  ...group('PyHeapTypeObject', 'heap_type_object', 'size=sizeof ht_cached_keys'),
  ...group('PyTupleObject', 'tuple_object', 'size=sizeof ob_item'),
  ...group('PyVarObject', 'tuple_object', 'ob_size'),
  ...group('PyListObject', 'list_object', 'size=sizeof ob_item'),
  ...group('PySetObject', 'set_object', 'size=sizeof used table mask'),
  ...group('PyDictObject', 'dict_object', 'size=sizeof ma_keys ma_values'),
  ...group('PyFloatObject', 'float_object', 'size=sizeof ob_fval'),
  ...group('PyLongObject', 'long_object', 'size=sizeof lv_tag=long_value.lv_tag ob_digit=long_value.ob_digit'),
  ...group('PyBytesObject', 'bytes_object', 'size=sizeof ob_sval'),
  ...group('PyASCIIObject', 'unicode_object', 'state length asciiobject_size=sizeof'),
  ...group('PyCompactUnicodeObject', 'unicode_object', 'compactunicodeobject_size=sizeof'),
  ...group('PyUnicodeObject', 'unicode_object', 'size=sizeof'),
  ...group('PyGenObject', 'gen_object', 'size=sizeof gi_name=name gi_iframe=iframe gi_frame_state=frame_state'),
  ...group('llist_node', 'llist_node', 'next prev'),
]);
