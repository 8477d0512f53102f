/** What is left of a recording after a transform? Works on stacks, so that every view sees the same. */
import type { Session, StackTable, ThreadSamples } from '../../src/session/session.ts';
import { isImportMachinery } from '../../src/tree/processors/replaced-frames.ts';
import { stackIndex } from '../../src/tree/stack-index.ts';
import { Growable } from '../../src/util/growable.ts';
import { PairIndex } from '../../src/util/pair-index.ts';
import { keepRows } from './keep-rows.ts';
import { isPathTransform, type Transform } from './transform.ts';

const none = -1;

/** In place of a stack's new number: its samples are left out; such rows stand only for the time that they took. */
const dropped = -2;

/** What a step needs to know of functions. */
export interface TransformContext {
  /** By frame of the session: the name of its library, `''` where it has none. */
  readonly libraryOf: readonly string[];
  /** Whether samples that are left out stay as rows of {@link dropped}, so that all others keep their moments. */
  readonly keepsMoments?: boolean;
}

/** Gives the new number of a stack, from those of its callers. */
type Step = (stack: number) => number;

const isFocus = ({ kind }: Transform): boolean => kind === 'focus-function' || kind === 'focus-subtree';

/** The session with its stacks changed. Costs O(stacks + rows). */
export function applyTransform(session: Session, transform: Transform, context: TransformContext): Session {
  const stacks = new NewStacks(session.stacks);
  const step = stepFor(session, transform, context, stacks);
  for (let stack = 0; stack < stacks.mapped.length; stack++) stacks.mapped[stack] = step(stack);
  return {
    ...session,
    stacks: stacks.finish(),
    threads: session.threads.map((thread) => {
      const mapped = mapRows(thread, stacks.mapped, isFocus(transform) ? dropped : none);
      return context.keepsMoments === true ? mapped : withoutLeftOut(mapped);
    }),
  };
}

function stepFor(session: Session, transform: Transform, context: TransformContext, stacks: NewStacks): Step {
  if (transform.kind === 'collapse-library') {
    const isOfLibrary = context.libraryOf.map((library) => library === transform.library);
    return collapseRuns(stacks, session.stacks, (frame) => isOfLibrary[frame] === true);
  }
  const { identity, identities } = stackIndex(session);
  if (isPathTransform(transform)) {
    const matches = matchPath(session, transform.path);
    return transform.kind === 'focus-subtree' ? focusPath(stacks, matches) : mergePath(stacks, matches);
  }
  if (identities[transform.function] === undefined) return (stack) => stacks.keep(stack);
  const isIt = (stack: number): boolean => identity[stack] === transform.function;
  return functionSteps[transform.kind](stacks, isIt);
}

type FunctionKind = Exclude<Transform['kind'], 'focus-subtree' | 'merge-node' | 'collapse-library'>;

const functionSteps: Readonly<Record<FunctionKind, (stacks: NewStacks, isIt: (stack: number) => boolean) => Step>> = {
  'focus-function': (stacks, isIt) => (stack) => {
    const caller = stacks.callerOf(stack);
    if (caller >= 0) return stacks.child(caller, stack);
    return isIt(stack) ? stacks.child(none, stack) : dropped;
  },
  'merge-function': (stacks, isIt) => (stack) => (isIt(stack) ? stacks.callerOf(stack) : stacks.keep(stack)),
  'collapse-function': (stacks, isIt) => {
    const inside = new Uint8Array(stacks.mapped.length);
    return (stack) => {
      const caller = stacks.old.parent[stack] as number;
      const isInside = caller >= 0 && inside[caller] === 1;
      if (isInside || isIt(stack)) inside[stack] = 1;
      return isInside ? stacks.callerOf(stack) : stacks.keep(stack);
    };
  },
  'collapse-direct-recursion': (stacks, isIt) => (stack) => {
    const caller = stacks.old.parent[stack] as number;
    if (caller < 0 || !isIt(stack) || !isIt(caller)) return stacks.keep(stack);
    return stacks.child(stacks.parentOf(stacks.mapped[caller] as number), stack);
  },
  'collapse-recursion': (stacks, isIt) => {
    // The new caller of the outermost call; `dropped` where there is none yet.
    const outer = new Int32Array(stacks.mapped.length);
    return (stack) => {
      const caller = stacks.old.parent[stack] as number;
      const known = caller < 0 ? dropped : (outer[caller] as number);
      outer[stack] = known === dropped && isIt(stack) ? stacks.callerOf(stack) : known;
      return isIt(stack) ? stacks.child(outer[stack] as number, stack) : stacks.keep(stack);
    };
  },
  'drop-function': (stacks, isIt) => (stack) =>
    isIt(stack) || stacks.callerOf(stack) === dropped ? dropped : stacks.keep(stack),
};

function collapseRuns(stacks: NewStacks, { frame }: StackTable, isMember: (frame: number) => boolean): Step {
  return (stack) => {
    const caller = stacks.callerOf(stack);
    const isCallerMember = caller >= 0 && isMember(stacks.frameOf(caller));
    return isCallerMember && isMember(frame[stack] as number) ? caller : stacks.keep(stack);
  };
}

/** By stack: how many functions of a path it has gone through; `past` below the last one, `none` beside the path. */
interface PathMatches {
  readonly matched: Int32Array;
  readonly length: number;
}

/**
 * Follows a path as trees show it: they may begin further in than stacks do, and leave out import machinery, calls that hide
 * themselves, and all levels but one of a function that calls itself.
 */
function matchPath(session: Session, path: readonly number[]): PathMatches {
  const { frames, stacks } = session;
  const { identity, identities } = stackIndex(session);
  const matched = new Int32Array(stacks.parent.length);
  for (let stack = 0; stack < matched.length; stack++) {
    const caller = stacks.parent[stack] as number;
    const before = caller < 0 ? 0 : (matched[caller] as number);
    const own = identity[stack] as number;
    const frame = frames[stacks.frame[stack] as number];
    const info = identities[own];
    const isLeftOut = frame?.hidden === true || (info !== undefined && isImportMachinery(info));
    if (before === none || before >= path.length) matched[stack] = before === none ? none : path.length + 1;
    else if (own === path[before]) matched[stack] = before + 1;
    else if (before === 0 || isLeftOut || own === path[before - 1]) matched[stack] = before;
    else matched[stack] = none;
  }
  return { matched, length: path.length };
}

function focusPath(stacks: NewStacks, { matched, length }: PathMatches): Step {
  return (stack) => {
    const count = matched[stack] as number;
    if (count < length) return dropped;
    return count === length ? stacks.child(none, stack) : stacks.keep(stack);
  };
}

function mergePath(stacks: NewStacks, { matched, length }: PathMatches): Step {
  return (stack) => (matched[stack] === length ? stacks.callerOf(stack) : stacks.keep(stack));
}

/** Stacks under construction: a new trie, and for each old stack its number there. */
class NewStacks {
  readonly old: StackTable;
  readonly mapped: Int32Array;
  readonly #locations = new PairIndex();
  readonly #paths = new PairIndex();
  readonly #parent = new Growable(new Int32Array(256));
  readonly #frame = new Growable(new Int32Array(256));
  readonly #line = new Growable(new Int32Array(256));

  constructor(old: StackTable) {
    this.old = old;
    this.mapped = new Int32Array(old.parent.length);
  }

  /** New number of a stack's caller; −1 for an outermost frame, −2 where it was dropped. */
  callerOf(stack: number): number {
    const caller = this.old.parent[stack] as number;
    return caller < 0 ? none : (this.mapped[caller] as number);
  }

  /** The stack as it was, below what has become of its caller. */
  keep(stack: number): number {
    return this.child(this.callerOf(stack), stack);
  }

  /** The innermost frame of an old stack, at its line, below a new one. */
  child(caller: number, stack: number): number {
    if (caller === dropped) return dropped;
    const [frame, line] = [this.old.frame[stack] as number, this.old.line[stack] as number];
    const number = this.#paths.numberOf(caller + 1, this.#locations.numberOf(frame, line + 1));
    if (number < this.#parent.length) return number;
    this.#parent.push(caller);
    this.#frame.push(frame);
    this.#line.push(line);
    return number;
  }

  parentOf(number: number): number {
    return number < 0 ? number : this.#parent.at(number);
  }

  frameOf(number: number): number {
    return this.#frame.at(number);
  }

  finish(): StackTable {
    return { parent: this.#parent.finish(), frame: this.#frame.finish(), line: this.#line.finish() };
  }
}

/** @param empty what becomes of samples without any frame */
function mapRows(thread: ThreadSamples, mapped: Int32Array, empty: number): ThreadSamples {
  const mappedStack = (number: number): number => {
    if (number >= 0) return mapped[number] as number;
    return number === dropped ? dropped : empty;
  };
  return { ...thread, stack: thread.stack.map(mappedStack) };
}

/** The thread without rows of {@link dropped}. */
export function withoutLeftOut(thread: ThreadSamples): ThreadSamples {
  if (!thread.stack.includes(dropped)) return thread;
  const rows: number[] = [];
  thread.stack.forEach((number, row) => {
    if (number !== dropped) rows.push(row);
  });
  return keepRows(thread, rows);
}
