/** Is this process a Python that can be read, which one, and where does its runtime state begin? */
import { closeSync, openSync, readFileSync, readlinkSync, readSync } from 'node:fs';
import { basename } from 'node:path';
import type { Pid } from '../../../session/ids.ts';
import { type Denial, explainDenial } from '../../memory/denied.ts';
import { uint64, viewOf } from '../../memory/elf.ts';
import { MappedFiles, type ReadMemory } from '../../memory/mapped-file.ts';
import { type Mapping, parseMaps } from '../../memory/maps.ts';
import { debugOffsetsSize, isDebugOffsets } from '../offsets/debug-offsets.ts';
import { foreignPython, libcOf, type PythonFacts, pythonFacts } from './python-image.ts';
import {
  type PythonVersion,
  versionFromData,
  versionFromHex,
  versionFromName,
  versionFromSymbol,
} from './python-version.ts';

/** A CPython that timesink can read. */
export interface FoundRuntime {
  readonly kind: 'found';
  /** Address of `_PyRuntime` in the process. */
  readonly runtimeAddress: number;
  readonly version: PythonVersion;
  readonly freeThreaded: boolean;
  /** The table that 3.13 and later carry at the start of `_PyRuntime`. */
  readonly debugOffsets?: Uint8Array;
  /** The program or library that CPython is in, as the process names it. */
  readonly image: string;
  /** As in `ElfImage.machine`: `x86-64`, `aarch64`, … */
  readonly machine: string;
  /** `unknown` for a static program. */
  readonly libc: 'glibc' | 'musl' | 'unknown';
}

/**
 * What {@link findRuntime} says. Only `found` and `unsupported` hold until the next `exec`: a process that is not Python
 * may still load it, and `not-yet` is one that is about to.
 */
export type RuntimeSearch =
  | FoundRuntime
  /** `what` is the program's name. */
  | { readonly kind: 'not-python'; readonly what: string }
  /** `what` says what is still missing. */
  | { readonly kind: 'not-yet'; readonly what: string }
  /** `what` is a Python, such as `CPython 2.7.18` or `PyPy 3.9`. */
  | { readonly kind: 'unsupported'; readonly what: string }
  | ({ readonly kind: 'denied' } & Denial)
  | { readonly kind: 'gone' };

/** Where procfs is mounted, for looking at processes of another place. */
export interface ProcFiles {
  readonly proc: string;
}

const files = new MappedFiles<PythonFacts>(pythonFacts);

/** Looks at a process. Costs about 0.1 ms where its files are known already, and 1 ms the first time. */
export function findRuntime(pid: Pid, { proc }: ProcFiles = { proc: '/proc' }): RuntimeSearch {
  const directory = `${proc}/${pid}`;
  let program: string;
  let mappings: readonly Mapping[];
  try {
    program = readlinkSync(`${directory}/exe`).replace(/ \(deleted\)$/, '');
    mappings = parseMaps(readFileSync(`${directory}/maps`, 'utf8'));
  } catch (error) {
    return unreadable(error, pid, proc);
  }
  const foreign = foreignPython(program, mappings);
  if (foreign) return { kind: 'unsupported', what: foreign };
  const memory = new TargetMemory(`${directory}/mem`);
  try {
    return new Search(directory, program, mappings, memory).run() ?? { kind: 'denied', ...explainDenial(pid, proc) };
  } finally {
    memory.close();
  }
}

function unreadable(error: unknown, pid: Pid, proc: string): RuntimeSearch {
  const code = (error as NodeJS.ErrnoException).code;
  if (code === 'EACCES' || code === 'EPERM') return { kind: 'denied', ...explainDenial(pid, proc) };
  if (code !== 'ENOENT') return { kind: 'gone' };
  try {
    const stat = readFileSync(`${proc}/${pid}/stat`, 'latin1');
    const state = stat.slice(stat.lastIndexOf(')') + 2, stat.lastIndexOf(')') + 3);
    return /[ZXx]/.test(state) ? { kind: 'gone' } : { kind: 'not-python', what: 'a thread of the kernel' };
  } catch {
    return { kind: 'gone' };
  }
}

/** Opens the memory when it is first read. */
class TargetMemory {
  readonly #file: string;
  #fd: number | undefined;
  /** The system refused. */
  denied = false;

  constructor(file: string) {
    this.#file = file;
  }

  readonly read: ReadMemory = (address, into) => {
    if (this.denied || !Number.isSafeInteger(address) || address < 0) return 0;
    try {
      this.#fd ??= openSync(this.#file, 'r');
      return readSync(this.#fd, into, 0, into.length, address);
    } catch (error) {
      const code = (error as NodeJS.ErrnoException).code;
      this.denied = code === 'EACCES' || code === 'EPERM';
      return 0;
    }
  };

  close(): void {
    if (this.#fd !== undefined) closeSync(this.#fd);
  }
}

/** What the image of CPython is made of, where it is loaded. */
interface Candidate {
  readonly path: string;
  readonly mappings: readonly Mapping[];
  readonly machine: string;
  readonly interpreter: string;
  readonly facts: PythonFacts;
  readonly bias: number;
}

/** Offsets in `_PyRuntimeState` that must be known before a table can be chosen: those of versions without debug offsets. */
export const runtimeOffsets = {
  interpretersHead: { 8: 32, 9: 32, 10: 32, 11: 40, 12: 40 } as Readonly<Record<number, number>>,
  /** 3.8 to 3.10, which do not export their version. */
  initialized: 12,
} as const;

/** Where 3.13 and later keep that offset in their debug offsets. */
const interpretersHeadInDebugOffsets = 40;

const notReadable = (path: string, load: null | undefined): RuntimeSearch | undefined =>
  load === null && versionFromName(basename(path))
    ? { kind: 'unsupported', what: 'a CPython for a 32-bit or big-endian machine' }
    : undefined;

class Search {
  readonly #directory: string;
  readonly #program: string;
  readonly #mappings: readonly Mapping[];
  readonly #memory: TargetMemory;

  constructor(directory: string, program: string, mappings: readonly Mapping[], memory: TargetMemory) {
    this.#directory = directory;
    this.#program = program;
    this.#mappings = mappings;
    this.#memory = memory;
  }

  /** undefined: the memory may not be read. */
  run(): RuntimeSearch | undefined {
    const isMapped = this.#mappings.some(({ path }) => path === this.#program);
    let answer: RuntimeSearch = isMapped
      ? { kind: 'not-python', what: basename(this.#program) }
      : { kind: 'not-yet', what: 'the program is not loaded yet' };
    for (const path of this.#candidatePaths()) {
      const candidate = this.#load(path);
      const result = candidate ? this.#examine(candidate) : notReadable(path, candidate);
      if (!result && this.#memory.denied) return undefined;
      if (result?.kind === 'found' || result?.kind === 'unsupported') return result;
      if (result && answer.kind === 'not-python') answer = result;
    }
    return answer;
  }

  /** A shared libpython goes before the program, which then only starts it. */
  #candidatePaths(): Set<string> {
    const paths = new Set<string>();
    for (const { path } of this.#mappings) if (/\/libpython[23][^/]*$/.test(path)) paths.add(path);
    return paths.add(this.#program);
  }

  /** null: not a 64-bit file. undefined: cannot be read, or is not mapped (any more, or yet). */
  #load(path: string): Candidate | null | undefined {
    const mappings = this.#mappings.filter((mapping) => mapping.path === path);
    const first = mappings[0];
    if (!first) return undefined;
    // The path is the one in the process's mount namespace; after a chroot, the one in ours.
    const names = first.deleted ? [] : [`${this.#directory}/root${path}`, path];
    if (path === this.#program) names.unshift(`${this.#directory}/exe`);
    names.push(`${this.#directory}/map_files/${first.start.toString(16)}-${first.end.toString(16)}`);
    const file = files.load(names, mappings, this.#memory.read);
    if (!file) return file;
    const { machine, interpreter } = file.image;
    return { path, mappings, machine, interpreter, facts: file.facts, bias: file.bias };
  }

  /** undefined: no Python in this file, or the memory may not be read. */
  #examine(candidate: Candidate): RuntimeSearch | undefined {
    const { facts, bias, path } = candidate;
    if (facts.runtime === undefined) {
      if (facts.isPython) return { kind: 'unsupported', what: `CPython ${this.#oldVersion(candidate)}` };
      return facts.needsPython ? { kind: 'not-yet', what: 'its libpython is not loaded yet' } : undefined;
    }
    const runtimeAddress = facts.runtime + bias;
    const head = new Uint8Array(1024);
    const length = this.#isWritable(runtimeAddress) ? this.#memory.read(runtimeAddress, head) : 0;
    if (this.#memory.denied) return undefined;
    if (length < 64) return { kind: 'not-yet', what: 'its data is not loaded yet' };
    const version = this.#version(candidate, head);
    if (!version) return { kind: 'not-yet', what: 'the interpreter has not started yet' };
    const { major, minor, text } = version;
    if (facts.isDebug) return { kind: 'unsupported', what: `a debug build of CPython ${text}` };
    const debugOffsets = isDebugOffsets(head) ? head.slice(0, debugOffsetsSize(minor)) : undefined;
    if (major !== 3 || minor < 8 || (minor > 12 && !debugOffsets)) {
      return { kind: 'unsupported', what: `CPython ${text}` };
    }
    if (!this.#hasInterpreter(runtimeAddress, head, minor))
      return { kind: 'not-yet', what: 'the interpreter has not started yet' };
    const freeThreaded = debugOffsets !== undefined && viewOf(debugOffsets).getUint32(16, true) === 1;
    return {
      kind: 'found',
      runtimeAddress,
      version,
      freeThreaded,
      ...(debugOffsets && { debugOffsets }),
      image: path,
      machine: candidate.machine,
      libc: libcOf(this.#mappings, candidate.interpreter),
    };
  }

  #isWritable(address: number): boolean {
    return this.#mappings.some(
      ({ start, end, permissions }) => start <= address && address < end && permissions.startsWith('rw'),
    );
  }

  /** Whether `_PyRuntime.interpreters.head` is set: the first interpreter has been made. */
  #hasInterpreter(runtimeAddress: number, head: Uint8Array, minor: number): boolean {
    const offset = runtimeOffsets.interpretersHead[minor] ?? uint64(viewOf(head), interpretersHeadInDebugOffsets);
    const pointer = new Uint8Array(8);
    return this.#memory.read(runtimeAddress + offset, pointer) === 8 && uint64(viewOf(pointer), 0) !== 0;
  }

  /** undefined while the interpreter has not got far enough to tell. */
  #version(candidate: Candidate, head: Uint8Array): PythonVersion | undefined {
    const { facts, bias, path } = candidate;
    const { read } = this.#memory;
    if (facts.version !== undefined) return versionFromSymbol(facts.version + bias, read);
    if (isDebugOffsets(head)) return versionFromHex(viewOf(head).getUint32(8, true));
    if (head.every((byte) => byte === 0)) return undefined;
    const written = versionFromData(this.#writable(candidate), read);
    if (written) return written;
    const named = versionFromName(basename(path));
    const isInitialized = viewOf(head).getUint32(runtimeOffsets.initialized, true) !== 0;
    return isInitialized || (named && named.minor < 8) ? named : undefined;
  }

  #oldVersion(candidate: Candidate): string {
    const version =
      versionFromData(this.#writable(candidate), this.#memory.read) ?? versionFromName(basename(candidate.path));
    return version?.text ?? '3.6 or older';
  }

  /** The data of a file, and the anonymous mapping that continues it (.bss). */
  #writable({ mappings }: Candidate): readonly Mapping[] {
    const data = mappings.filter(({ permissions }) => permissions.startsWith('rw'));
    const end = data.at(-1)?.end;
    return [...data, ...this.#mappings.filter(({ start, path }) => start === end && path === '')];
  }
}
