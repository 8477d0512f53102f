/** Which frames of a session are the same node of a call tree, and how does each stack begin? */
import type { FrameInfo, Session, ThreadSamples } from '../session/session.ts';
import { type FrameIdentity, selfFrame } from './call-node.ts';

/** Position of {@link selfFrame} in {@link StackIndex.identities}. */
export const selfIdentity = 0;

/** What all frames of one identity have in common. */
export type Agreed = Pick<FrameInfo, 'className' | 'hidden'>;

/** What the builders of trees need to know of a session's stacks. Columns of numbers have one entry per stack. */
export interface StackIndex {
  readonly identities: readonly FrameIdentity[];
  /** By identity: the class and the hide mark of all its frames, or null where they differ. */
  readonly agreed: readonly (Agreed | null)[];
  /** Position in `identities` of the innermost frame. */
  readonly identity: Int32Array;
  /** Number of frames, ≥ 1. */
  readonly depth: Int32Array;
  /** Identity of the outermost frame. */
  readonly outermost: Int32Array;
  /** How many frames, from the outermost, are those of the place that started the recording. */
  readonly stem: Int32Array;
}

const known = new WeakMap<Session, StackIndex>();

/** Looks through a session's frames and stacks, once: O(frames + stacks). */
export function stackIndex(session: Session): StackIndex {
  let index = known.get(session);
  if (index === undefined) {
    index = indexStacks(session);
    known.set(session, index);
  }
  return index;
}

/**
 * How many of a thread's outermost frames are the same in all samples and can stand above the tree: the tree begins with
 * the last of them. 0 where outermost frames differ, so that a joining root is needed; more than 1 only while the frames
 * are those of the place that started the recording and nothing else was seen in them.
 */
export function rootDepth(index: StackIndex, thread: ThreadSamples): number {
  const first = thread.stack[0] ?? -1;
  let depth = index.stem[first] ?? 0;
  for (const stack of thread.stack) {
    if (stack < 0 || index.outermost[stack] !== index.outermost[first]) return 0;
    depth = Math.min(depth, index.stem[stack] as number);
  }
  return Math.max(1, depth);
}

function indexStacks(session: Session): StackIndex {
  const { parent, frame } = session.stacks;
  const { identities, agreed, identityOfFrame } = identifyFrames(session.frames);
  const start = session.meta.startCallStack.map((number) => identityOfFrame[number]);
  const identity = frame.map((number) => identityOfFrame[number] as number);
  const depth = new Int32Array(parent.length);
  const outermost = new Int32Array(parent.length);
  const stem = new Int32Array(parent.length);
  for (let stack = 0; stack < parent.length; stack++) {
    const below = parent[stack] as number;
    const own = identity[stack] as number;
    const above = below < 0 ? 0 : (depth[below] as number);
    const matched = below < 0 ? 0 : (stem[below] as number);
    depth[stack] = above + 1;
    outermost[stack] = below < 0 ? own : (outermost[below] as number);
    stem[stack] = matched === above && start[above] === own ? matched + 1 : matched;
  }
  return { identities, agreed, identity, depth, outermost, stem };
}

interface FrameIdentities extends Pick<StackIndex, 'identities' | 'agreed'> {
  readonly identityOfFrame: readonly number[];
}

function identifyFrames(frames: readonly FrameInfo[]): FrameIdentities {
  const identities: FrameIdentity[] = [selfFrame];
  const agreed: (Agreed | null)[] = [{ className: null, hidden: false }];
  const numbers = new Map<string, number>([[selfFrame.identifier, selfIdentity]]);
  const identityOfFrame = frames.map((frame) => {
    const { kind, functionName, file, firstLine, className, hidden } = frame;
    const identifier = file === null ? functionName : `${functionName}\0${file}\0${firstLine}`;
    const number = numbers.get(identifier);
    if (number === undefined) {
      numbers.set(identifier, identities.length);
      return (
        identities.push({ identifier, kind, functionName, file, firstLine }) && agreed.push({ className, hidden }) - 1
      );
    }
    const other = agreed[number];
    if (other?.className !== className || other.hidden !== hidden) agreed[number] = null;
    return number;
  });
  return { identities, agreed, identityOfFrame };
}
