/** What does a mapped file have to do with Python? */
import type { ElfImage } from '../../memory/elf.ts';
import type { DynamicInfo } from '../../memory/elf-symbols.ts';
import type { Mapping } from '../../memory/maps.ts';

/** What one ELF file says about the Python in it. Addresses are those in the file. */
export interface PythonFacts {
  /** `_PyRuntime`: exported by 3.7 and later (Python/pylifecycle.c), a section of its own since 3.10. */
  readonly runtime: number | undefined;
  /** `Py_Version`: exported by 3.11 and later (Python/getversion.c). */
  readonly version: number | undefined;
  /** Exports the API of CPython, of whatever version. */
  readonly isPython: boolean;
  /**
   * Built with Py_REF_DEBUG (`--with-pydebug`, `--with-trace-refs`), which moves fields: only then is
   * `_Py_NegativeRefcount` exported (Include/object.h in 2.7 to 3.12, Include/refcount.h since).
   */
  readonly isDebug: boolean;
  /** Links with a libpython. */
  readonly needsPython: boolean;
}

/** Looks for the symbols and sections that tell. */
export function pythonFacts(image: ElfImage, dynamic: DynamicInfo | undefined): PythonFacts {
  const symbol = (name: string): number | undefined => dynamic?.symbol(name)?.address;
  const section = image.sections.find(({ name }) => name === '.PyRuntime');
  return {
    runtime: symbol('_PyRuntime') ?? section?.address,
    version: symbol('Py_Version'),
    isPython: symbol('Py_GetVersion') !== undefined,
    isDebug: symbol('_Py_NegativeRefcount') !== undefined,
    needsPython: dynamic?.needed.some((name) => /^libpython[23]/.test(name)) ?? false,
  };
}

const foreignFiles: readonly (readonly [RegExp, string])[] = [
  [/^(?:libpypy(\d(?:\.\d+)?)?-c\.so[.0-9]*|pypy(\d(?:\.\d+)?)?(?:-c)?)$/, 'PyPy'],
  [/^(?:libpythonvm\.so|graalpy(\d[.0-9]*)?)$/, 'GraalPy'],
];

/** The Python other than CPython that a process runs, told by the names of its files: such as `PyPy 3.9`. */
export function foreignPython(program: string, mappings: readonly Mapping[]): string | undefined {
  let previous = '';
  for (const { path } of [...mappings, { path: program }]) {
    if (path === previous) continue;
    previous = path;
    const name = path.slice(path.lastIndexOf('/') + 1);
    for (const [pattern, language] of foreignFiles) {
      const match = pattern.exec(name);
      if (match) return [language, match[1] ?? match[2]].filter(Boolean).join(' ');
    }
  }
  return undefined;
}

/**
 * Which C library the process uses.
 * @param interpreter the dynamic loader that the program names, `''` where it names none
 */
export function libcOf(mappings: readonly Mapping[], interpreter: string): 'glibc' | 'musl' | 'unknown' {
  const names = [interpreter, ...mappings.map(({ path }) => path)];
  if (names.some((name) => /\/(ld-musl-|libc\.musl-)[^/]*$/.test(name))) return 'musl';
  return names.some((name) => /\/(ld-linux[^/]*|libc\.so\.6|libc-2[^/]*)$/.test(name)) ? 'glibc' : 'unknown';
}
