/** Which frames of each stack are drawn? What the options leave out makes way for what it called. */
import type { Session } from '../../../src/session/session.ts';
import { fewestLevelsToFold } from '../../../src/tree/fold-recursion.ts';
import { isImportMachinery } from '../../../src/tree/processors/replaced-frames.ts';
import { stackIndex } from '../../../src/tree/stack-index.ts';

const none = -1;

/** What decides that frames are left out. */
export interface LeftOut {
  readonly removeImportlib: boolean;
  readonly removeTracebackhide: boolean;
  /** Whether a function that calls itself over many levels is drawn once. */
  readonly foldRecursion: boolean;
}

/** Columns with one entry per stack of the session. */
export interface ShownStacks {
  /** The stack itself where its innermost frame is drawn, else the nearest of its callers that is; −1 where none is. */
  readonly shown: Int32Array;
  /** The nearest drawn caller; −1 where there is none. */
  readonly caller: Int32Array;
  /** Number of drawn frames. */
  readonly depth: Int32Array;
  /** Number of the innermost frame's function. */
  readonly identity: Int32Array;
  /** Functions whose direct recursion is drawn as one call, and how deep it goes at most. */
  readonly recursion: ReadonlyMap<number, number>;
}

/**
 * Looks through all stacks once: O(stacks).
 * @param stem how many frames, from the outermost, are those of the place that started the recording, and not drawn
 */
export function shownStacks(session: Session, leftOut: LeftOut, stem: number): ShownStacks {
  const { frames, stacks } = session;
  const index = stackIndex(session);
  const isMachinery = index.identities.map((frame) => leftOut.removeImportlib && isImportMachinery(frame));
  const launcher = launcherSteps(session);
  const isLeftOut = new Uint8Array(stacks.parent.length);
  for (let stack = 0; stack < isLeftOut.length; stack++) {
    const isHidden = leftOut.removeTracebackhide && frames[stacks.frame[stack] as number]?.hidden === true;
    const isOutside = (index.depth[stack] as number) <= stem || launcher[stack] === 1;
    if (isHidden || isOutside || isMachinery[index.identity[stack] as number]) isLeftOut[stack] = 1;
  }
  const stepsOver = connect(stacks.parent, index.identity, isLeftOut);
  if (!leftOut.foldRecursion) return { ...stepsOver, recursion: new Map() };
  const recursion = leaveOutInnerLevels(stepsOver, isLeftOut);
  return recursion.size === 0
    ? { ...stepsOver, recursion }
    : { ...connect(stacks.parent, index.identity, isLeftOut), recursion };
}

type Connected = Omit<ShownStacks, 'recursion'>;

/** Joins each stack with the nearest callers that are not left out. */
function connect(parents: Int32Array, identity: Int32Array, isLeftOut: Uint8Array): Connected {
  const { length } = parents;
  const [shown, caller, depth] = [new Int32Array(length), new Int32Array(length), new Int32Array(length)];
  for (let stack = 0; stack < length; stack++) {
    const parent = parents[stack] as number;
    const above = parent < 0 ? none : (shown[parent] as number);
    caller[stack] = above;
    shown[stack] = isLeftOut[stack] === 1 ? above : stack;
    depth[stack] = (above < 0 ? 0 : (depth[above] as number)) + (isLeftOut[stack] === 1 ? 0 : 1);
  }
  return { shown, caller, depth, identity };
}

/**
 * Marks all levels but the outermost of functions that call themselves over enough levels somewhere.
 * @returns these functions, and how deep they go
 */
function leaveOutInnerLevels({ caller, shown, identity }: Connected, isLeftOut: Uint8Array): Map<number, number> {
  const levels = new Int32Array(shown.length);
  const deepest = new Map<number, number>();
  for (let stack = 0; stack < levels.length; stack++) {
    if (shown[stack] !== stack) continue;
    const [above, own] = [caller[stack] as number, identity[stack] as number];
    levels[stack] = above >= 0 && identity[above] === own ? (levels[above] as number) + 1 : 1;
    const count = levels[stack] as number;
    if (count >= fewestLevelsToFold && count > (deepest.get(own) ?? 0)) deepest.set(own, count);
  }
  if (deepest.size === 0) return deepest;
  for (let stack = 0; stack < levels.length; stack++) {
    if ((levels[stack] as number) > 1 && deepest.has(identity[stack] as number)) isLeftOut[stack] = 1;
  }
  return deepest;
}

/** 1 for stacks that are nothing but pyinstrument's `__main__`, the `<string>` it executes and `runpy`. */
function launcherSteps(session: Session): Uint8Array {
  const { identity, identities } = stackIndex(session);
  const { parent } = session.stacks;
  const isMain = identities.map(({ file }) => /pyinstrument[/\\]__main__\.py$/.test(file ?? ''));
  const isPassed = identities.map(({ file }) => /<string>|runpy\.py$|<frozen runpy>/.test(file ?? ''));
  const steps = new Uint8Array(parent.length);
  if (!isMain.includes(true)) return steps;
  for (let stack = 0; stack < steps.length; stack++) {
    const own = identity[stack] as number;
    const above = parent[stack] as number;
    const isThread = identities[own]?.kind === 'thread' && above < 0;
    const isFirst = above < 0 || (steps[above] === 2 && identities[identity[above] as number]?.kind === 'thread');
    if (isThread) steps[stack] = 2;
    else if (isFirst ? isMain[own] : steps[above] === 1 && isPassed[own]) steps[stack] = 1;
  }
  return steps;
}
