/** What is the whole call tree of a thread, call after call, as pyinstrument's `Session.root_frame` has it? */
import { formatFrame } from '../session/frame-text.ts';
import { noStack } from '../session/ids.ts';
import { formatStartCallStack, threadEntry } from '../session/pyisession-writer.ts';
import type { FrameInfo, Session, ThreadSamples } from '../session/session.ts';
import { Growable } from '../util/growable.ts';
import { PairIndex } from '../util/pair-index.ts';
import type { FrameTree } from './protocol.ts';

/** Leaves that tell all of a sample's time, so that no `[self]` goes below (pyinstrument 5.1.3 behaviour). */
const timeLeaves: ReadonlySet<string> = new Set(['[await]', '[out-of-context]']);

/** All that stand for time rather than for code: what they have is their caller's own. */
const synthetic: readonly string[] = [...timeLeaves, '[self]', '[root]'];

/**
 * The tree in the order of time with nothing left out: every frame with the seconds of its attributes, a `[self]` below it
 * for each sample. Null without samples.
 * @param trimStem whether it begins where the recording was started, as far as all samples lie there
 */
export function timelineColumns(session: Session, thread: ThreadSamples, trimStem: boolean): FrameTree | null {
  if (thread.stack.length === 0) return null;
  const timeline = new Timeline(session, thread);
  const isOwn = threadEntry(session, thread) !== null;
  thread.stack.forEach((stack, row) => {
    // As in a `.pyisession`: time without a frame belongs to no function.
    if (stack !== noStack || !isOwn) timeline.add(stack, thread.weight[row] as number);
  });
  return timeline.isEmpty ? null : timeline.finish(trimStem ? formatStartCallStack(session, thread) : []);
}

/** Text of a frame, taken apart. */
interface Entry {
  /** Number of its identifier. */
  readonly identifier: number;
  readonly attributes: readonly string[];
  readonly isTimeLeaf: boolean;
}

class Timeline {
  readonly #session: Session;
  readonly #identifiers = new Map<string, number>();
  readonly #locations = new PairIndex();
  readonly #entries: Entry[] = [];
  readonly #outermost: readonly Entry[];
  readonly #self: number;
  /** One per node, in the order in which calls began: callers come first, and a first child directly after them. */
  readonly #parent = new Growable(new Int32Array(256));
  readonly #identifier = new Growable(new Int32Array(256));
  readonly #time: number[] = [];
  readonly #childCount: number[] = [];
  readonly #attributes: (Map<string, number> | undefined)[] = [];
  /** Nodes of the calls that go on, outermost first. */
  readonly #current: number[] = [0];
  readonly #path: Entry[] = [];

  constructor(session: Session, thread: ThreadSamples) {
    this.#session = session;
    const root = this.#entry('[root]').identifier;
    this.#self = this.#entry('[self]').identifier;
    const entry = threadEntry(session, thread);
    this.#outermost = entry === null ? [] : [this.#entry(formatFrame(entry, -1))];
    this.#node(-1, root);
  }

  /** Whether nothing was added. */
  get isEmpty(): boolean {
    return this.#time.length === 1;
  }

  add(stack: number, seconds: number): void {
    const path = this.#pathOf(stack);
    const current = this.#current;
    const limit = Math.min(path.length, current.length - 1);
    let depth = 0;
    while (depth < limit && this.#identifier.at(current[depth + 1] as number) === path[depth]?.identifier) depth++;
    current.length = depth + 1;
    for (; depth < path.length; depth++) {
      current.push(this.#node(current[depth] as number, (path[depth] as Entry).identifier));
    }
    this.#time[0] = (this.#time[0] as number) + seconds;
    path.forEach((entry, index) => {
      this.#addTime(current[index + 1] as number, entry, seconds);
    });
    if (path.at(-1)?.isTimeLeaf === true) return;
    this.#time[this.#node(current.at(-1) as number, this.#self)] = seconds;
  }

  finish(start: readonly string[]): FrameTree {
    const root = this.#trim(this.#loneChild(0) ?? 0, start);
    const count = this.#parent.length - root;
    const column = (value: (node: number) => number): number[] =>
      Array.from({ length: count }, (_, index) => value(root + index));
    return {
      identifiers: [...this.#identifiers.keys()],
      identifier: column((node) => this.#identifier.at(node)),
      parent: column((node) => (node === root ? -1 : this.#parent.at(node) - root)),
      time: column((node) => this.#time[node] as number),
      absorbedTime: column(() => 0),
      attributes: this.#attributes.slice(root).map((attributes) => Object.fromEntries(attributes ?? [])),
      group: column(() => -1),
      groups: [],
    };
  }

  /** Goes down as long as a frame has no time of its own and calls one function only, the one of the recording's start. */
  #trim(root: number, start: readonly string[]): number {
    const [outermost, ...below] = start.map((text) => this.#identifiers.get(text.split('\u0001')[0] ?? ''));
    if (this.#identifier.at(root) !== outermost) return root;
    const ownTime = new Set(synthetic.map((name) => this.#identifiers.get(name)));
    let node = root;
    for (const identifier of below) {
      const child = this.#loneChild(node);
      if (child === undefined || this.#identifier.at(child) !== identifier) break;
      if (this.#time[node] !== (ownTime.has(identifier) ? 0 : this.#time[child])) break;
      node = child;
    }
    return node;
  }

  /** The only child of a node; undefined where it has none or several. */
  #loneChild(node: number): number | undefined {
    return this.#childCount[node] === 1 ? node + 1 : undefined;
  }

  #node(parent: number, identifier: number): number {
    this.#parent.push(parent);
    this.#identifier.push(identifier);
    this.#attributes.push(undefined);
    this.#childCount.push(0);
    if (parent >= 0) this.#childCount[parent] = (this.#childCount[parent] as number) + 1;
    return this.#time.push(0) - 1;
  }

  #addTime(node: number, entry: Entry, seconds: number): void {
    this.#time[node] = (this.#time[node] as number) + seconds;
    if (entry.attributes.length === 0) return;
    let sums = this.#attributes[node];
    if (sums === undefined) {
      sums = new Map();
      this.#attributes[node] = sums;
    }
    for (const attribute of entry.attributes) sums.set(attribute, (sums.get(attribute) ?? 0) + seconds);
  }

  /** Frames of a stack, outermost first. */
  #pathOf(stack: number): readonly Entry[] {
    const { parent, frame, line } = this.#session.stacks;
    this.#path.length = 0;
    for (let at = stack; at !== noStack; at = parent[at] as number) {
      this.#path.push(this.#location(frame[at] as number, line[at] as number));
    }
    this.#path.push(...this.#outermost);
    this.#path.reverse();
    return this.#path;
  }

  #location(frame: number, line: number): Entry {
    const location = this.#locations.numberOf(frame, line);
    if (location === this.#entries.length) {
      this.#entries.push(this.#entry(formatFrame(this.#session.frames[frame] as FrameInfo, line)));
    }
    return this.#entries[location] as Entry;
  }

  #entry(text: string): Entry {
    const [identifier = '', ...attributes] = text.split('\u0001');
    let number = this.#identifiers.get(identifier);
    if (number === undefined) {
      number = this.#identifiers.size;
      this.#identifiers.set(identifier, number);
    }
    return { identifier: number, attributes, isTimeLeaf: timeLeaves.has(identifier) };
  }
}
