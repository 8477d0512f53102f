/** Which tree of calls does a CPU profile of V8 hold? Its nodes, checked. */
import { isAbsent, type Place } from './check.ts';
import { type FrameKind, frameKinds } from './session.ts';

/** Where V8 says that a function begins. Line and column count from 0; −1 where there is none. */
export interface V8CallFrame {
  readonly functionName: string;
  readonly url: string;
  readonly lineNumber: number;
  readonly columnNumber: number;
}

/** Samples in a line of one function, as V8 counts them: position ticks. */
export interface V8LineTicks {
  /** Counted from 1. */
  readonly line: number;
  readonly ticks: number;
}

/** One path of functions. */
export interface V8Node {
  /** Equal frames are the same object. */
  readonly callFrame: V8CallFrame;
  readonly lines: readonly V8LineTicks[];
  /** What the frame stands for, where it is not its name that says so. Only in our own profiles, as all that follows. */
  readonly kind: FrameKind | null;
  /** Where the function was, in the code that ran: line and column count from 0. */
  readonly position: { readonly lineNumber: number; readonly columnNumber: number } | null;
  /** Whether the thread slept while it was there. */
  readonly waits: boolean;
}

/** All nodes; columns of equal length. */
export interface V8Nodes {
  readonly nodes: readonly V8Node[];
  /** Position of the caller, −1 for a root. A node may stand before its caller; none is among its own callers. */
  readonly parents: Int32Array;
}

/** Who wrote a profile: V8, or this program's own engine, which says more. */
export type ProfileForm = 'foreign' | 'own';

/** Names of the members that come once for each node and line. */
export const repeatedNames: readonly string[] = [
  ...['id', 'parent', 'callFrame', 'functionName', 'scriptId', 'url', 'lineNumber', 'columnNumber', 'hitCount'],
  ...['children', 'positionTicks', 'line', 'ticks', 'deoptReason', 'locationId', 'codeType', 'bailoutReason'],
];

/** What fits into memory, and far more than a program has. */
const maxNodes = 2 ** 21;

/** No file has more lines, or longer ones. */
const maxPosition = 2 ** 30;

/** Collects nodes, which name each other by ids. */
export class NodeReader {
  readonly nodes: V8Node[] = [];
  /** By node: how many samples ended in it. */
  readonly hits: number[] = [];
  readonly #form: ProfileForm;
  readonly #indexOfId = new Map<number, number>();
  readonly #parents: number[] = [];
  readonly #callFrames = new Map<string, V8CallFrame>();

  constructor(form: ProfileForm) {
    this.#form = form;
  }

  /**
   * Reads a Profiler.ProfileNode of V8's inspector protocol, or one of a trace's ProfileChunk.
   * @throws TimesinkError INVALID_FILE; also for a `parent` that was not added before
   */
  add(place: Place): void {
    if (this.nodes.length >= maxNodes) throw place.invalid('too many nodes to be read');
    const idPlace = place.at('id');
    const id = idPlace.count();
    if (this.#indexOfId.has(id)) throw idPlace.invalid(`there is another node ${id}`);
    const parent = place.at('parent');
    this.#parents.push(isAbsent(parent) ? -1 : this.indexOf(parent));
    this.#indexOfId.set(id, this.nodes.length);
    const hits = place.at('hitCount');
    this.hits.push(isAbsent(hits) ? 0 : hits.count());
    const callFrame = this.#intern(readCallFrame(place.at('callFrame')));
    const lines = readLineTicks(place.at('positionTicks'));
    this.nodes.push({ callFrame, lines, ...(this.#form === 'own' ? readOwnMembers(place) : foreignMembers) });
  }

  /**
   * The position of the node that an id stands for.
   * @throws TimesinkError INVALID_FILE where there is none
   */
  indexOf(place: Place): number {
    const index = this.#indexOfId.get(place.count());
    if (index === undefined) throw place.invalid(`there is no node ${place.count()}`);
    return index;
  }

  /** The same for the entries of a list. */
  indicesOf(list: Place): Int32Array {
    const ids = list.list();
    const indices = new Int32Array(ids.length);
    for (let entry = 0; entry < ids.length; entry++) {
      indices[entry] = this.#indexOfId.get(ids[entry] as number) ?? this.indexOf(list.entry(entry));
    }
    return indices;
  }

  /**
   * Reads who called whom where nodes list their children.
   * @throws TimesinkError INVALID_FILE for a node with two callers
   */
  addChildren(nodes: Place): void {
    const { length } = nodes.list();
    for (let caller = 0; caller < length; caller++) {
      const children = nodes.entry(caller).at('children');
      if (isAbsent(children)) continue;
      this.indicesOf(children).forEach((child, entry) => {
        const known = this.#parents[child] as number;
        if (known !== -1 && known !== caller) throw children.entry(entry).invalid('it has a caller already');
        this.#parents[child] = caller;
      });
    }
  }

  /**
   * All nodes.
   * @param place of their list
   * @throws TimesinkError INVALID_FILE for nodes that call each other in a circle
   */
  finish(place: Place): V8Nodes {
    const parents = Int32Array.from(this.#parents);
    const isRooted = new Uint8Array(parents.length);
    for (let node = 0; node < parents.length; node++) {
      let steps = 0;
      for (let at = node; at >= 0 && isRooted[at] === 0; at = parents[at] as number) {
        if (++steps > parents.length) throw place.invalid(`node ${node} is among its own callers`);
      }
      for (let at = node; at >= 0 && isRooted[at] === 0; at = parents[at] as number) isRooted[at] = 1;
    }
    return { nodes: this.nodes, parents };
  }

  #intern(frame: V8CallFrame): V8CallFrame {
    const key = `${frame.lineNumber}:${frame.columnNumber}:${frame.functionName}\0${frame.url}`;
    const known = this.#callFrames.get(key);
    if (known === undefined) this.#callFrames.set(key, frame);
    return known ?? frame;
  }
}

type OwnMembers = Pick<V8Node, 'kind' | 'position' | 'waits'>;

const foreignMembers: OwnMembers = { kind: null, position: null, waits: false };

function readOwnMembers(place: Place): OwnMembers {
  const [kind, waits] = [place.at('frameKind'), place.at('waits')];
  const [line, column] = [readPosition(place.at('line')), readPosition(place.at('column'))];
  return {
    kind: isAbsent(kind) ? null : kind.oneOf<FrameKind>(frameKinds),
    position: line > 0 ? { lineNumber: line - 1, columnNumber: Math.max(0, column - 1) } : null,
    waits: isAbsent(waits) ? false : waits.boolean(),
  };
}

function readCallFrame(place: Place): V8CallFrame {
  const url = place.at('url');
  return {
    functionName: place.at('functionName').string(),
    url: isAbsent(url) ? '' : url.string(),
    lineNumber: readPosition(place.at('lineNumber')),
    columnNumber: readPosition(place.at('columnNumber')),
  };
}

/** −1 where there is none, or one that no file has. */
function readPosition(place: Place): number {
  if (isAbsent(place)) return -1;
  const value = place.number();
  return Number.isInteger(value) && value >= 0 && value < maxPosition ? value : -1;
}

const noLines: readonly V8LineTicks[] = [];

function readLineTicks(place: Place): readonly V8LineTicks[] {
  if (isAbsent(place) || place.list().length === 0) return noLines;
  return place.entries().map((entry) => ({ line: entry.at('line').count(), ticks: entry.at('ticks').count() }));
}
