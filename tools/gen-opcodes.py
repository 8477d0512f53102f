#!/usr/bin/env python3
"""Writes the opcode table of the CPython that runs it: names, specialisations, cache sizes, and which may run what.

Numbers come from the interpreter's own modules opcode, dis and _opcode_metadata. The groups are ours: they name base
instructions, and every specialised or instrumented form belongs to the group of its base.
"""
import argparse
import dis
import json
import opcode
import pathlib
import sys

# Calls that the program wrote.
CALL = 'CALL CALL_KW CALL_FUNCTION CALL_FUNCTION_KW CALL_FUNCTION_EX CALL_METHOD PRECALL'

# What loops, `await` and `yield from` are made of: they run other frames.
ITERATION_AND_AWAIT = """
GET_AITER GET_ANEXT GET_ITER GET_YIELD_FROM_ITER GET_AWAITABLE FOR_ITER SEND YIELD_FROM END_ASYNC_FOR ASYNC_GEN_WRAP"""

# Instructions that run a special method, or a mapping's, where a class defines it in Python. Truth values: __bool__.
# Names: the namespace of a class body may be any mapping (`enum` has one). Matching and building: __len__, __hash__, __eq__.
IMPLICIT_CALL_POSSIBLE = """
BINARY_ADD BINARY_AND BINARY_FLOOR_DIVIDE BINARY_LSHIFT BINARY_MATRIX_MULTIPLY BINARY_MODULO BINARY_MULTIPLY BINARY_OP
BINARY_OR BINARY_POWER BINARY_RSHIFT BINARY_SLICE BINARY_SUBSCR BINARY_SUBTRACT BINARY_TRUE_DIVIDE BINARY_XOR
INPLACE_ADD INPLACE_AND INPLACE_FLOOR_DIVIDE INPLACE_LSHIFT INPLACE_MATRIX_MULTIPLY INPLACE_MODULO INPLACE_MULTIPLY
INPLACE_OR INPLACE_POWER INPLACE_RSHIFT INPLACE_SUBTRACT INPLACE_TRUE_DIVIDE INPLACE_XOR
UNARY_INVERT UNARY_NEGATIVE UNARY_NOT UNARY_POSITIVE COMPARE_OP CONTAINS_OP
TO_BOOL POP_JUMP_IF_FALSE POP_JUMP_IF_TRUE POP_JUMP_FORWARD_IF_FALSE POP_JUMP_FORWARD_IF_TRUE POP_JUMP_BACKWARD_IF_FALSE
POP_JUMP_BACKWARD_IF_TRUE JUMP_IF_FALSE_OR_POP JUMP_IF_TRUE_OR_POP
DELETE_SUBSCR STORE_SLICE STORE_SUBSCR DELETE_ATTR LOAD_ATTR LOAD_METHOD LOAD_SPECIAL LOAD_SUPER_ATTR STORE_ATTR
LOAD_NAME STORE_NAME DELETE_NAME LOAD_GLOBAL LOAD_BUILD_CLASS LOAD_CLASSDEREF LOAD_FROM_DICT_OR_DEREF
LOAD_FROM_DICT_OR_GLOBALS SETUP_ANNOTATIONS
IMPORT_FROM IMPORT_NAME IMPORT_STAR
BUILD_MAP BUILD_SET MAP_ADD SET_ADD DICT_MERGE DICT_UPDATE LIST_EXTEND SET_UPDATE UNPACK_EX UNPACK_SEQUENCE
BUILD_LIST_UNPACK BUILD_MAP_UNPACK BUILD_MAP_UNPACK_WITH_CALL BUILD_SET_UNPACK BUILD_TUPLE_UNPACK
BUILD_TUPLE_UNPACK_WITH_CALL
BEFORE_ASYNC_WITH BEFORE_WITH SETUP_ASYNC_WITH SETUP_WITH WITH_CLEANUP_FINISH WITH_CLEANUP_START WITH_EXCEPT_START
CHECK_EG_MATCH CHECK_EXC_MATCH JUMP_IF_NOT_EXC_MATCH RAISE_VARARGS RERAISE
GET_LEN MATCH_CLASS MATCH_KEYS CALL_INTRINSIC_1 CALL_INTRINSIC_2 CONVERT_VALUE FORMAT_SIMPLE FORMAT_VALUE
FORMAT_WITH_SPEC PRINT_EXPR"""


def all_opcodes():
    names = dict(getattr(dis, '_all_opmap', opcode.opmap))
    names.update(getattr(opcode, '_specialized_opmap', {}))
    return {name: number for name, number in sorted(names.items(), key=lambda item: item[1]) if number < 256}


def bases(names):
    base_of = {
        specialised: base
        for base, family in getattr(opcode, '_specializations', {}).items()
        for specialised in family
        if specialised in names
    }
    for name in names:
        base = name[len('INSTRUMENTED_'):]
        if name.startswith('INSTRUMENTED_') and base in names:
            base_of[name] = base
    return dict(sorted(base_of.items()))


def cache_units(names, base_of):
    entries = getattr(opcode, '_inline_cache_entries', {})
    if isinstance(entries, list):
        entries = {name: entries[number] for name, number in names.items()}
    return {name: units for name, units in sorted(entries.items()) if units and name in names and name not in base_of}


def group(names, base_of, members):
    members = members.split()
    return sorted(name for name in names if base_of.get(name, name) in members)


def table():
    names = all_opcodes()
    base_of = bases(names)
    return {
        'version': '%d.%d' % sys.version_info[:2],
        'source': 'CPython %d.%d.%d' % sys.version_info[:3],
        'all': names,
        'baseOf': base_of,
        'cacheUnits': cache_units(names, base_of),
        'groups': {
            'call': group(names, base_of, CALL),
            'iterationAndAwait': group(names, base_of, ITERATION_AND_AWAIT),
            'implicitCallPossible': group(names, base_of, IMPLICIT_CALL_POSSIBLE),
        },
    }


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument('-o', '--output', type=pathlib.Path, help='folder for VERSION.json; default: standard output')
    output = parser.parse_args().output
    result = table()
    text = json.dumps(result, indent=1) + '\n'
    if output is None:
        sys.stdout.write(text)
    else:
        (output / (result['version'] + '.json')).write_text(text)


if __name__ == '__main__':
    main()
