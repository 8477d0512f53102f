/** Which frames of each stack are drawn? What the options leave out makes way for what it called. */
import type { Session } from '../../../src/session/session.ts';
import { isImportMachinery } from '../../../src/tree/processors/replaced-frames.ts';
import { stackIndex } from '../../../src/tree/stack-index.ts';

const none = -1;

/** What decides that frames are left out. */
export interface LeftOut {
  readonly removeImportlib: boolean;
  readonly removeTracebackhide: boolean;
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
  const { length } = stacks.parent;
  const [shown, caller, depth] = [new Int32Array(length), new Int32Array(length), new Int32Array(length)];
  for (let stack = 0; stack < length; stack++) {
    const parent = stacks.parent[stack] as number;
    const above = parent < 0 ? none : (shown[parent] as number);
    const isHidden = leftOut.removeTracebackhide && frames[stacks.frame[stack] as number]?.hidden === true;
    const isLeftOut =
      isHidden ||
      isMachinery[index.identity[stack] as number] === true ||
      (index.depth[stack] as number) <= stem ||
      launcher[stack] === 1;
    caller[stack] = above;
    shown[stack] = isLeftOut ? above : stack;
    depth[stack] = (above < 0 ? 0 : (depth[above] as number)) + (isLeftOut ? 0 : 1);
  }
  return { shown, caller, depth, identity: index.identity };
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
