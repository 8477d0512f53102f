#!/usr/bin/env python3
"""Writes the table of where CPython keeps what: offsets of fields, bit fields and constants of one minor version.

A C program with offsetof and sizeof is compiled against the headers that belong to the given interpreter. What a version
does not have is found by compiling: a line that the compiler rejects is left out. Needs gcc; only the standard library.
"""
import argparse
import json
import pathlib
import re
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent

HEADERS = """Python.h frameobject.h structmember.h
internal/pycore_runtime.h internal/pycore_interp.h internal/pycore_pystate.h internal/pycore_tstate.h
internal/pycore_gil.h internal/pycore_frame.h internal/pycore_interpframe.h internal/pycore_code.h internal/pycore_dict.h
internal/pycore_moduleobject.h internal/pycore_context.h internal/pycore_hamt.h internal/pycore_llist.h
internal/pycore_optimizer.h internal/pycore_genobject.h internal/pycore_stackref.h internal/pycore_long.h
internal/pycore_object.h internal/pycore_debug_offsets.h""".split()

BIT_FIELDS = {
    'PyASCIIObject.state': 'interned kind compact ascii ready statically_allocated',
    'PyThreadState._status': 'initialized bound unbound bound_gilstate active holds_gil finalizing cleared finalized',
}

CONSTANTS = """
CO_OPTIMIZED CO_GENERATOR CO_COROUTINE CO_ITERABLE_COROUTINE CO_ASYNC_GENERATOR
CO_FAST_LOCAL CO_FAST_CELL CO_FAST_FREE CO_FAST_HIDDEN CO_FAST_ARG_POS CO_FAST_ARG_KW CO_FAST_ARG_VAR
FRAME_OWNED_BY_THREAD FRAME_OWNED_BY_GENERATOR FRAME_OWNED_BY_FRAME_OBJECT FRAME_OWNED_BY_INTERPRETER
FRAME_OWNED_BY_CSTACK FRAME_CREATED FRAME_SUSPENDED FRAME_SUSPENDED_YIELD_FROM FRAME_SUSPENDED_YIELD_FROM_LOCKED
FRAME_EXECUTING FRAME_COMPLETED FRAME_RETURNED FRAME_UNWINDING FRAME_RAISED FRAME_CLEARED FRAME_SPECIALS_SIZE
_Py_THREAD_DETACHED _Py_THREAD_ATTACHED _Py_THREAD_SUSPENDED _Py_THREAD_SHUTTING_DOWN
DICT_KEYS_GENERAL DICT_KEYS_UNICODE DICT_KEYS_SPLIT MANAGED_DICT_OFFSET MANAGED_WEAKREF_OFFSET
Py_TPFLAGS_HEAPTYPE Py_TPFLAGS_BASETYPE Py_TPFLAGS_MANAGED_DICT Py_TPFLAGS_INLINE_VALUES Py_TPFLAGS_UNICODE_SUBCLASS
Py_TPFLAGS_LONG_SUBCLASS Py_TPFLAGS_TUPLE_SUBCLASS Py_TPFLAGS_DICT_SUBCLASS Py_TPFLAGS_TYPE_SUBCLASS
Py_TAG_BITS Py_TAG_REFCNT Py_TAG_DEFERRED Py_TAG_INVALID Py_INT_TAG
PyLong_SHIFT _PyLong_NON_SIZE_BITS _PyLong_SIGN_MASK _Py_HAMT_MAX_TREE_DEPTH""".split()

PROBE = """
import json, sys, sysconfig
jit = getattr(sys, '_jit', None)
print(json.dumps({
    'version': '%d.%d.%d' % sys.version_info[:3],
    'include': [sysconfig.get_path('include'), sysconfig.get_path('platinclude')],
    'jit': bool(jit and jit.is_available()),
}))
"""

FIND_BITS = r"""
static int find_bits(const unsigned char *bytes, size_t size, int *width) {
    int first = -1;
    *width = 0;
    for (size_t bit = 0; bit < size * 8; bit++) {
        if (!(bytes[bit / 8] >> (bit % 8) & 1)) continue;
        if (first < 0) first = (int) bit;
        ++*width;
    }
    return first;
}
"""


def read_fields():
    """(struct, C type, [(field, member)], whether whole) of each line of gen-offsets-fields.txt."""
    for line in (HERE / 'gen-offsets-fields.txt').read_text().splitlines():
        if not line or line.startswith('#'):
            continue
        head, members = line.split(':')
        head, _, part = head.partition(',')
        struct, _, c_type = (piece.strip() for piece in head.partition('='))
        pairs = [field.split('=') for field in members.split()]
        yield struct, c_type or struct, [(pair[0], pair[-1]) for pair in pairs], not part


def statements(debug_offsets):
    """One C statement a line; each prints one value, tagged with what it is."""
    for struct, c_type, members, whole in read_fields():
        if whole:
            yield f'printf("struct {struct} sizeof %ld\\n", (long) sizeof({c_type}));'
        for field, member in members:
            yield f'printf("struct {struct} {field} %ld\\n", (long) offsetof({c_type}, {member}));'
    for word, fields in BIT_FIELDS.items():
        struct, member = word.split('.')
        for field in fields.split():
            yield (
                f'{{ {struct} value; int width; memset(&value, 0, sizeof value); value.{member}.{field} = -1; '
                f'int shift = find_bits((unsigned char *) &value.{member}, sizeof value.{member}, &width); '
                f'printf("bits {word} {field} %d %d\\n", shift, width); }}'
            )
    for name in debug_offsets:
        yield f'printf("debug {name} %ld\\n", (long) offsetof(_Py_DebugOffsets, {name}));'
    for name in CONSTANTS:
        yield f'printf("constant {name} %ld\\n", (long) ({name}));'


class Headers:
    """The headers of one interpreter, and the gcc options that its core was compiled with."""

    def __init__(self, python, free_threaded):
        probe = subprocess.run([python, '-I', '-c', PROBE], check=True, capture_output=True, text=True)
        about = json.loads(probe.stdout)
        self.full_version = about['version']
        self.version = self.full_version.rpartition('.')[0]
        self.folders = [pathlib.Path(folder) for folder in dict.fromkeys(about['include'])]
        if not (self.folders[0] / 'internal').is_dir():
            sys.exit(f'{python}: no internal headers in {self.folders[0]}')
        self.options = ['-std=gnu11', '-w', '-DPy_BUILD_CORE']
        self.options += [f'-I{folder}' for folder in self.folders]
        self.options += [f'-I{self.folders[0]}/internal']
        # Debian keeps pyconfig.h in a folder per architecture beside the headers.
        self.options += ['-idirafter', str(self.folders[0].parent)]
        if free_threaded:
            self.options += ['-DPy_GIL_DISABLED=1']
        elif about['jit']:
            # Not in pyconfig.h, but it adds a field to _PyThreadStateImpl (3.15).
            self.options += ['-D_Py_TIER2=3', '-D_Py_JIT']

    def includes(self):
        present = [name for name in HEADERS if (self.folders[0] / name).exists()]
        return ''.join(f'#include "{name}"\n' for name in present)

    def debug_offsets(self):
        """Names of the 64-bit words of _Py_DebugOffsets, in order; none before 3.13."""
        for name in ('pycore_debug_offsets.h', 'pycore_runtime.h'):
            header = self.folders[0] / 'internal' / name
            match = header.exists() and re.search(
                r'typedef struct _Py_DebugOffsets \{(.*?)\} _Py_DebugOffsets;', header.read_text(), re.S)
            if match:
                return debug_offset_names(match.group(1))
        return []


def debug_offset_names(body):
    body = re.sub(r'//.*|/\*.*?\*/', '', body)
    names = []
    for member in re.finditer(r'struct\b\s*\w*\s*\{(.*?)\} (\w+);|\b(?:char|uint64_t) (\w+)', body, re.S):
        fields, group, single = member.groups()
        names += [single] if single else [f'{group}.{field}' for field in re.findall(r'uint64_t (\w+);', fields)]
    return names


def compile_c(headers, lines, folder):
    """Compiles a program of these statements; returns the lines that gcc rejects, counted from 0."""
    before = (
        '#include <stddef.h>\n#include <stdint.h>\n#include <stdio.h>\n#include <string.h>\n#include <sys/types.h>\n'
        + headers.includes() + f'#include "{HERE}/gen-offsets-private.h"\n' + FIND_BITS + 'int main(void) {\n'
    )
    source = folder / 'offsets.c'
    source.write_text(before + '\n'.join(lines) + '\nreturn 0;\n}\n')
    result = subprocess.run(
        ['gcc', *headers.options, '-fmax-errors=0', '-fno-diagnostics-show-caret', '-c', source, '-o', folder / 'offsets.o'],
        capture_output=True, text=True, env={'LC_ALL': 'C', 'PATH': '/usr/local/bin:/usr/bin:/bin'})
    first = before.count('\n') + 1
    errors = [int(line) - first for line in re.findall(rf'^{re.escape(str(source))}:(\d+):.*error:', result.stderr, re.M)]
    rejected = {line for line in errors if 0 <= line < len(lines)}
    if result.returncode != 0 and not rejected:
        sys.exit(f'gcc fails:\n{result.stderr[:4000]}')
    return rejected


def measure(headers):
    """The lines that the compiled program prints."""
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        lines = list(statements(headers.debug_offsets()))
        rejected = compile_c(headers, lines, folder)
        while rejected:
            lines = [line for number, line in enumerate(lines) if number not in rejected]
            rejected = compile_c(headers, lines, folder)
        # Inline functions of the headers refer to the interpreter's library; none of them is called.
        subprocess.run(
            ['gcc', folder / 'offsets.o', '-o', folder / 'offsets', '-Wl,--unresolved-symbols=ignore-all'], check=True)
        return subprocess.run([folder / 'offsets'], check=True, capture_output=True, text=True).stdout.splitlines()


def table(python, free_threaded):
    headers = Headers(python, free_threaded)
    structs, bit_fields, constants, debug_offsets = {}, {}, {}, []
    for line in measure(headers):
        kind, *words = line.split()
        if kind == 'struct':
            structs.setdefault(words[0], {})[words[1]] = int(words[2])
        elif kind == 'bits':
            bit_fields.setdefault(words[0], {})[words[1]] = {'shift': int(words[2]), 'width': int(words[3])}
        elif kind == 'debug':
            debug_offsets.append(words[0])
            if int(words[1]) != 8 * len(debug_offsets) - 8:
                sys.exit(f'_Py_DebugOffsets is not a row of 64-bit words: {words[0]} is at {words[1]}')
        else:
            constants[words[0]] = int(words[1])
    result = {
        'version': headers.version,
        'freeThreaded': free_threaded,
        'source': f'headers of CPython {headers.full_version}' + (' with Py_GIL_DISABLED, never run' if free_threaded else ''),
        'structs': {name: dict(sorted(structs[name].items())) for name in sorted(structs)},
        'bitfields': bit_fields,
        'constants': dict(sorted(constants.items())),
    }
    return {**result, 'debugOffsets': debug_offsets} if debug_offsets else result


def to_text(value):
    """JSON with one field per line."""
    text = json.dumps(value, indent=1)
    return re.sub(r'\{\s+"shift": (\d+),\s+"width": (\d+)\s+\}', r'{ "shift": \1, "width": \2 }', text) + '\n'


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument('python', help='interpreter of the version wanted, with its headers')
    parser.add_argument('--free-threaded', action='store_true', help='as if that version were built with --disable-gil')
    parser.add_argument('-o', '--output', type=pathlib.Path, help='folder for VERSION.json; default: standard output')
    arguments = parser.parse_args()
    result = table(arguments.python, arguments.free_threaded)
    if arguments.output is None:
        sys.stdout.write(to_text(result))
        return
    name = result['version'] + ('t' if arguments.free_threaded else '') + '.json'
    (arguments.output / name).write_text(to_text(result))


if __name__ == '__main__':
    main()
