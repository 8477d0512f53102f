/** Which frames are those of an event loop, and where in them is its main task? */
import type { Address } from '../../memory/process-memory.ts';
import type { Code } from '../code/code.ts';
import type { CodeCache } from '../code/code-cache.ts';
import { trait } from '../code/instructions.ts';
import type { ObjectReader } from '../objects/objects.ts';
import { FrameView } from '../walk/frame-view.ts';
import { dictEntry } from './dict-entry.ts';

/**
 * What a function does for an event loop. `select` waits, called by `turn`, one round of asyncio's own loop; `until` runs the
 * loop for a main task. `runner` does so for loops that are not written in Python. `trio-select` is called by `trio`.
 */
export type LoopRole = 'select' | 'turn' | 'until' | 'runner' | 'trio-select' | 'trio';

type LoopFunctionName = readonly [name: string, file: string, role: LoopRole, ...locals: readonly string[]];

/** Function, end of its file, what it does, and the local variables from which its main task is found. */
const functions: readonly LoopFunctionName[] = [
  ['select', '/selectors.py', 'select'],
  ['_run_once', '/asyncio/base_events.py', 'turn'],
  ['run_until_complete', '/asyncio/base_events.py', 'until', 'future'],
  // 3.11+: Runner.run; before: asyncio.run, which has only the coroutine.
  ['run', '/asyncio/runners.py', 'runner', 'task'],
  ['run', '/asyncio/runners.py', 'runner', 'main'],
  ['get_events', '/trio/_core/_io_epoll.py', 'trio-select'],
  ['run', '/trio/_core/_run.py', 'trio', 'runner', 'gen'],
];

/** What is known of one function. */
export interface LoopFunction {
  readonly role: LoopRole | undefined;
  /** Slots of the local variables. */
  readonly slots: readonly number[];
}

const noLoop: LoopFunction = { role: undefined, slots: [] };

/** Knows the functions of event loops in one process. */
export class LoopFrames {
  readonly #reader: ObjectReader;
  readonly #codes: CodeCache;
  readonly #functions = new WeakMap<Code, LoopFunction>();
  readonly #callbacks = new WeakMap<Code, FrameView>();

  constructor(reader: ObjectReader, codes: CodeCache) {
    this.#reader = reader;
    this.#codes = codes;
  }

  /** What a frame's function does for a loop; its `role` is undefined where it has to do with none. */
  of(code: Code): LoopFunction {
    let found = this.#functions.get(code);
    if (found === undefined) {
      found = this.#find(code);
      this.#functions.set(code, found);
    }
    return found;
  }

  /**
   * The frame that stands between a round of asyncio's loop and the callbacks that it runs, tasks among them: that of
   * `Handle._run`, at its call. Undefined where that cannot be found.
   * @param turn a frame of role `turn`
   */
  callback(turn: FrameView): FrameView | undefined {
    const code = turn.code as Code;
    let view = this.#callbacks.get(code);
    if (view === undefined) {
      view = this.#findCallback(turn);
      if (view !== undefined) this.#callbacks.set(code, view);
    }
    return view;
  }

  #find(code: Code): LoopFunction {
    for (const [name, file, role, ...locals] of functions) {
      if (code.name !== name || !code.file.endsWith(file)) continue;
      const slots = locals.map((local) => this.#slotOf(code, local));
      if (slots.every((slot) => slot >= 0)) return { role, slots };
    }
    return noLoop;
  }

  #slotOf(code: Code, local: string): number {
    const { memory, layout } = this.#reader;
    const names = this.#reader.tuple(memory.pointer(code.address + layout.code.localsPlusNames));
    return names.slice(0, code.localsPlusCount).findIndex((name) => this.#reader.string(name) === local);
  }

  /** By the globals of asyncio.base_events: `events.Handle._run`. */
  #findCallback(turn: FrameView): FrameView | undefined {
    const { memory, layout } = this.#reader;
    const frameAt = layout.structs[layout.minor >= 11 ? '_PyInterpreterFrame' : 'PyFrameObject'] ?? {};
    const entry = (dict: Address, name: string): Address => dictEntry(this.#reader, dict, name);
    const events = entry(memory.pointer(turn.address + (frameAt['f_globals'] ?? 0)), 'events');
    const handle = entry(memory.pointer(events + layout.object.moduleDict), 'Handle');
    const run = entry(memory.pointer(handle + layout.object.typeDict), '_run');
    if (this.#reader.typeName(this.#reader.typeOf(run)) !== 'function') return undefined;
    const code = this.#codes.get(memory.pointer(run + layout.object.functionCode));
    const call = code?.traits.findIndex((traits) => (traits & trait.call) !== 0) ?? -1;
    if (code === undefined || call < 0) return undefined;
    // Up to 3.10 a code object does not say it.
    code.className ??= 'Handle';
    const view = new FrameView();
    view.infer(code, 0, 0, false);
    view.rawUnit = call;
    return view;
  }
}
