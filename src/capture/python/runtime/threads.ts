/** Which Python threads does a process have, and what are they called? */
import type { Tid } from '../../../session/ids.ts';
import type { Address } from '../../memory/process-memory.ts';
import type { ObjectReader } from '../objects/objects.ts';

/**
 * Offset of the kernel's thread id in glibc's `struct pthread`, behind a head of 704 bytes on x86-64 and of 192 elsewhere, and
 * two pointers (nptl/descr.h; x86-64 tried with glibc 2.36 and 2.43).
 */
const glibcThreadId = process.arch === 'x64' ? 0x2d0 : 0xd0;
/** Most threads of all interpreters, interpreters, and entries of `sys.path` that are looked at. */
const mostThreads = 20_000;
const mostInterpreters = 1000;
const mostPaths = 1000;

/** One thread state. A thread that runs a subinterpreter has one in each interpreter. */
export interface PythonThread {
  readonly threadState: Address;
  /** Interpreters are numbered from the main one (0) on. */
  readonly interpreter: Address;
  readonly tid: Tid;
  /** `threading.get_ident()`. */
  readonly ident: number;
}

/** All interpreters of a process, the main one first. */
export function listInterpreters(reader: ObjectReader, runtime: Address): readonly Address[] {
  const { memory, layout } = reader;
  const interpreters: Address[] = [];
  let interpreter = memory.pointer(runtime + layout.runtime.interpretersHead);
  while (interpreter !== 0 && interpreters.length < mostInterpreters && !interpreters.includes(interpreter)) {
    interpreters.push(interpreter);
    interpreter = memory.pointer(interpreter + layout.interpreter.next);
  }
  return interpreters.reverse();
}

/** The newest thread state of an interpreter: a change tells that threads have come or gone. */
export function newestThread({ memory, layout }: ObjectReader, interpreter: Address): Address {
  return memory.pointer(interpreter + layout.interpreter.threadsHead);
}

/**
 * All threads of all interpreters, the oldest first.
 * @param outer gives the id here for the one that a thread goes by itself; undefined: there is no such thread
 */
export function listThreads(
  reader: ObjectReader,
  interpreters: readonly Address[],
  outer: (inner: number) => Tid | undefined = (inner) => inner as Tid,
): PythonThread[] {
  const { layout, memory } = reader;
  const threads: PythonThread[] = [];
  const seen = new Set<Address>();
  for (const interpreter of interpreters) {
    const own: PythonThread[] = [];
    let threadState = newestThread(reader, interpreter);
    while (threadState !== 0 && seen.size < mostThreads && !seen.has(threadState)) {
      seen.add(threadState);
      const ident = memory.pointer(threadState + layout.thread.threadId);
      const inner =
        layout.thread.nativeThreadId >= 0
          ? memory.uint32(threadState + layout.thread.nativeThreadId)
          : memory.uint32(ident + glibcThreadId);
      const tid = ident !== 0 && inner > 0 ? outer(inner) : undefined;
      if (tid !== undefined) own.push({ threadState, interpreter, tid, ident });
      threadState = memory.pointer(threadState + layout.thread.next);
    }
    threads.push(...own.reverse());
  }
  return threads;
}

/** Address of `threading._active`, the dict of running threads by ident; 0 before `threading` is imported. */
export function activeThreads(reader: ObjectReader, interpreter: Address): Address {
  return moduleAttributes(reader, interpreter, 'threading').get('_active') ?? 0;
}

/** Names of those of the threads with `idents` that run, by ident, from that dict. */
export function threadNames(
  reader: ObjectReader,
  active: Address,
  idents: Iterable<number>,
): ReadonlyMap<number, string> {
  const names = new Map<number, string>();
  const wanted = new Set(idents);
  for (const [key, thread] of reader.dictEntries(active)) {
    if (wanted.size === 0) break;
    const ident = reader.integer(key);
    if (ident === undefined || !wanted.delete(ident)) continue;
    const name = reader.string(reader.attributes(thread).get('_name') ?? 0);
    if (name !== undefined) names.set(ident, name);
  }
  return names;
}

/** Names and values of a loaded module; empty where it is not loaded. */
export function moduleAttributes(
  reader: ObjectReader,
  interpreter: Address,
  name: string,
): ReadonlyMap<string, Address> {
  const { memory, layout } = reader;
  const modules = memory.pointer(interpreter + layout.interpreter.modules);
  for (const [key, module] of reader.dictEntries(modules)) {
    if (reader.string(key) !== name) continue;
    return reader.dict(memory.pointer(module + layout.object.moduleDict));
  }
  return new Map();
}

/** What a recording keeps of `sys`. */
export interface SysFacts {
  readonly path: readonly string[];
  /** prefix, base_prefix, exec_prefix, base_exec_prefix. */
  readonly prefixes: readonly string[];
}

/** `sys.path` and the prefixes of an interpreter. */
export function sysFacts(reader: ObjectReader, interpreter: Address): SysFacts {
  const { memory, layout } = reader;
  const sys = reader.dict(memory.pointer(interpreter + layout.interpreter.sysDict));
  const text = (name: string): string => reader.string(sys.get(name) ?? 0) ?? '';
  return {
    path: reader
      .list(sys.get('path') ?? 0)
      .slice(0, mostPaths)
      .flatMap((item) => reader.string(item) ?? []),
    prefixes: ['prefix', 'base_prefix', 'exec_prefix', 'base_exec_prefix'].map(text).filter((prefix) => prefix !== ''),
  };
}
