import { expect, test } from 'vitest';
import { describeEachPython } from '../../../../test/support/pythons.ts';
import { openTarget, sharedTarget, startTarget, waitsForInput } from '../../../../test/support/target.ts';
import {
  activeThreads,
  listInterpreters,
  listThreads,
  moduleAttributes,
  newestThread,
  sysFacts,
  threadNames,
} from './threads.ts';

/** Some threads with names of every kind, and a subinterpreter where there are any. */
const program = `
import json, os, sys, threading, time
sys.path.append('/größe/変数')
sys.path.append(b'/bytes')
names = ['plain', 'größe', '変数', '', 'n' * 300]
told = {}
def run():
    told[threading.get_ident()] = [threading.current_thread().name, threading.get_native_id()]
    ready.release()
    time.sleep(1000)
ready = threading.Semaphore(0)
for name in names:
    threading.Thread(target=run, name=name, daemon=True).start()
    ready.acquire()
told[threading.get_ident()] = [threading.current_thread().name, threading.get_native_id()]
interpreters = 1
for name in '_interpreters', '_xxsubinterpreters':
    try:
        kept = __import__(name).create()
        interpreters = 2
    except ImportError: pass
print(json.dumps({'threads': told, 'interpreters': interpreters, 'path': sys.path[:-1],
    'prefixes': [sys.prefix, sys.base_prefix, sys.exec_prefix, sys.base_exec_prefix]}), flush=True)
sys.stdin.read()
`;

interface Told {
  readonly threads: Readonly<Record<string, readonly [string, number]>>;
  readonly interpreters: number;
  readonly path: readonly string[];
  readonly prefixes: readonly string[];
}

describeEachPython('a process with threads', (python) => {
  const shared = sharedTarget(python, program);
  const told = (): Told => JSON.parse(shared.line) as Told;

  test('has its main interpreter first', () => {
    const { reader, runtime, main } = shared.open;
    const interpreters = listInterpreters(reader, runtime);
    expect(interpreters.length).toBe(told().interpreters);
    expect(interpreters[0]).toBe(main.interpreter);
    expect(new Set(interpreters).size).toBe(interpreters.length);
  });

  test('has the threads that it tells itself, the oldest first', () => {
    const { reader, main } = shared.open;
    const threads = listThreads(reader, [main.interpreter]);
    const idents = Object.fromEntries(threads.map(({ ident, tid }) => [ident, tid]));
    expect(idents).toEqual(Object.fromEntries(Object.entries(told().threads).map(([ident, [, tid]]) => [ident, tid])));
    expect(threads[0]?.tid).toBe(shared.target.pid);
    expect(threads.at(-1)?.threadState).toBe(newestThread(reader, main.interpreter));
  });

  test('has threads with names', () => {
    const { reader, main } = shared.open;
    const active = activeThreads(reader, main.interpreter);
    const names = Object.fromEntries(Object.entries(told().threads).map(([ident, [name]]) => [ident, name]));
    const all = Object.keys(names).map(Number);
    expect(Object.fromEntries(threadNames(reader, active, all))).toEqual(names);
    expect(threadNames(reader, active, [1, main.ident])).toEqual(new Map([[main.ident, 'MainThread']]));
    expect(threadNames(reader, 0, all).size).toBe(0);
  });

  test('has a sys.path and prefixes', () => {
    const { reader, main } = shared.open;
    const { path, prefixes } = told();
    expect(sysFacts(reader, main.interpreter)).toEqual({ path, prefixes });
  });

  test('has modules, of which some are not loaded', () => {
    const { reader, main } = shared.open;
    expect(moduleAttributes(reader, main.interpreter, 'threading').has('_active')).toBe(true);
    expect(moduleAttributes(reader, main.interpreter, 'no_such_module').size).toBe(0);
  });
});

describeEachPython('a process without threads', (python) => {
  test('has a main thread, and no names before threading is imported', async () => {
    const target = startTarget(python, 'import sys\nprint("threading" in sys.modules, flush=True)\nsys.stdin.read()');
    const hasThreading = (await target.line()) === 'True';
    await waitsForInput(target);
    const { reader, main } = await openTarget(target);
    expect(listThreads(reader, [main.interpreter])).toEqual([main]);
    expect(activeThreads(reader, main.interpreter) !== 0).toBe(hasThreading);
    expect(listThreads(reader, [0])).toEqual([]);
    expect(listInterpreters(reader, 0)).toEqual([]);
  });
});
