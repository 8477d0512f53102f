/** Where in a main thread's stack does the program itself begin? */
import { noStack, type StackIndex } from '../../session/ids.ts';
import type { Code } from './code/code.ts';
import type { FrameStack, StackNamer } from './stack-namer.ts';

/** A program that shows no `__main__` for so many ms has Python inside as a library. */
const longestStart = 2000;

const isSame = (left: Code, right: Code): boolean =>
  left.name === right.name && left.file === right.file && left.firstLine === right.firstLine;

const isRunpy = (code: Code): boolean => code.file === '<frozen runpy>' || code.file.endsWith('/runpy.py');

/**
 * Follows a main thread from the start of its interpreter. Frames before the program's own `__main__` are not part of
 * the recording; the machinery of `-m` below it is left out; and what runs after it has ended (`atexit`, waiting for
 * threads) stands under it, so that there is one root.
 */
export class ProgramStart {
  hasStarted: boolean;
  #root: Code | undefined;
  /** The root alone, at the line where it was last seen. */
  rootStack: StackIndex = noStack;

  /** When Python was first seen to run, in ms. */
  #seen = -1;

  /** @param hasStarted whether the process was already running when it was met (fork, attach) */
  constructor(hasStarted: boolean) {
    this.hasStarted = hasStarted;
  }

  /** The stack of the main thread's last sample, taken at `now`; undefined while the program has not begun. */
  stackOf(frames: FrameStack, namer: StackNamer, now: number): StackIndex | undefined {
    let from = 0;
    while (from < frames.depth && isRunpy(frames.frames[from]?.code as Code)) from++;
    const bottom = from < frames.depth ? frames.frames[from]?.code : undefined;
    if (!this.hasStarted) {
      if (!bottom) return undefined;
      const isOverdue = this.#isOverdue(now);
      // The interpreter's own start calls functions, and runs frozen modules only.
      const isMain = bottom.name === '<module>' && !bottom.file.startsWith('<frozen ');
      if (!isMain && !isOverdue) return undefined;
      this.hasStarted = true;
    }
    if (bottom && (this.#root === undefined || isSame(this.#root, bottom))) {
      this.#root = bottom;
      const stack = namer.stackOf(frames, noStack, from);
      this.rootStack = namer.outermost(stack);
      return stack;
    }
    return namer.stackOf(frames, this.rootStack, from);
  }

  /** Python runs, but not in the process's main thread: it is a library there, and its threads are the program. */
  goOnWithoutMain(now: number): void {
    this.hasStarted ||= this.#isOverdue(now);
  }

  #isOverdue(now: number): boolean {
    if (this.#seen < 0) this.#seen = now;
    return now - this.#seen >= longestStart;
  }
}
