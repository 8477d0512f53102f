/** Which tree of calls does a `.cpuprofile` hold? V8's nodes: one for each path of functions, whatever their lines. */
import type { Session } from '../session/session.ts';
import { PairIndex } from '../util/pair-index.ts';
import { bareCallFrame, type CallFrame, CallFrames } from './call-frames.ts';
import { type CodeTable, codeTable } from './code-table.ts';

/** Profiler.PositionTickInfo of V8's inspector protocol: line counted from 1. */
export interface PositionTick {
  readonly line: number;
  readonly ticks: number;
}

/** Profiler.ProfileNode of V8's inspector protocol. */
export interface CpuProfileNode {
  /** Counts from 1, which is the root. */
  readonly id: number;
  readonly callFrame: CallFrame;
  /** Ticks in the function itself. */
  readonly hitCount: number;
  readonly children: readonly number[];
  /** The ticks of `hitCount` whose line is known. */
  readonly positionTicks?: readonly PositionTick[];
}

/** What a thread does while it runs no frame. V8's names, which its readers know. */
export type NoFrame = '(idle)' | '(program)';

interface GrowingTick {
  readonly line: number;
  ticks: number;
}

interface GrowingNode {
  readonly id: number;
  readonly callFrame: CallFrame;
  hitCount: number;
  readonly children: number[];
  positionTicks?: GrowingTick[];
}

/** Collects the nodes of one thread's stacks, and the ticks in them. */
export class CpuProfileTree {
  readonly #session: Session;
  readonly #code: CodeTable;
  readonly #callFrames: CallFrames;
  readonly #root: GrowingNode;
  readonly #nodes: GrowingNode[];
  readonly #paths = new PairIndex();
  readonly #nodeOfPath: GrowingNode[] = [];
  readonly #nodeOfNoFrame = new Map<NoFrame, GrowingNode>();
  readonly #lines = new PairIndex();
  readonly #ticks: GrowingTick[] = [];
  /** By stack; undefined for those of other threads. */
  readonly #nodeOfStack: readonly (GrowingNode | undefined)[];

  /** @param used stacks of the thread's rows; negative ones are passed over */
  constructor(session: Session, used: Int32Array) {
    this.#session = session;
    this.#code = codeTable(session);
    this.#callFrames = new CallFrames(this.#code.functions);
    this.#root = { id: 1, callFrame: bareCallFrame('(root)'), hitCount: 0, children: [] };
    this.#nodes = [this.#root];
    this.#nodeOfStack = this.#addStacks(used);
  }

  /** All nodes, callers before what they called. */
  get nodes(): readonly CpuProfileNode[] {
    return this.#nodes;
  }

  /** Adds ticks to a stack and the line its innermost frame is at. Returns the id of the node. */
  addTicks(stack: number, ticks: number): number {
    const node = this.#nodeOfStack[stack] as GrowingNode;
    node.hitCount += ticks;
    const line = this.#session.stacks.line[stack] as number;
    if (line > 0) this.#position(node, line).ticks += ticks;
    return node.id;
  }

  /** Adds ticks without a frame. Returns the id of the node. */
  addNoFrame(name: NoFrame, ticks: number): number {
    const node = this.#noFrame(name);
    node.hitCount += ticks;
    return node.id;
  }

  #addStacks(used: Int32Array): readonly (GrowingNode | undefined)[] {
    const { parent, frame } = this.#session.stacks;
    const isUsed = markUsed(parent, used);
    const nodeOfStack = new Array<GrowingNode | undefined>(parent.length).fill(undefined);
    for (let stack = 0; stack < parent.length; stack++) {
      if (isUsed[stack] === 0) continue;
      const below = parent[stack] as number;
      const caller = below < 0 ? this.#root : (nodeOfStack[below] as GrowingNode);
      nodeOfStack[stack] = this.#child(caller, this.#code.functionOfFrame[frame[stack] as number] as number);
    }
    return nodeOfStack;
  }

  #child(caller: GrowingNode, code: number): GrowingNode {
    if (caller === this.#root && this.#code.functions[code]?.kind === 'idle') return this.#noFrame('(idle)');
    const path = this.#paths.numberOf(caller.id, code);
    let node = this.#nodeOfPath[path];
    if (node === undefined) {
      node = this.#append(caller, this.#callFrames.of(code));
      this.#nodeOfPath.push(node);
    }
    return node;
  }

  #noFrame(name: NoFrame): GrowingNode {
    let node = this.#nodeOfNoFrame.get(name);
    if (node === undefined) {
      node = this.#append(this.#root, bareCallFrame(name));
      this.#nodeOfNoFrame.set(name, node);
    }
    return node;
  }

  #append(caller: GrowingNode, callFrame: CallFrame): GrowingNode {
    const node: GrowingNode = { id: this.#nodes.length + 1, callFrame, hitCount: 0, children: [] };
    this.#nodes.push(node);
    caller.children.push(node.id);
    return node;
  }

  #position(node: GrowingNode, line: number): GrowingTick {
    const number = this.#lines.numberOf(node.id, line);
    let tick = this.#ticks[number];
    if (tick === undefined) {
      tick = { line, ticks: 0 };
      this.#ticks.push(tick);
      node.positionTicks ??= [];
      node.positionTicks.push(tick);
    }
    return tick;
  }
}

/** 1 for the stacks in use and for all below them. */
function markUsed(parent: Int32Array, used: Int32Array): Uint8Array {
  const marks = new Uint8Array(parent.length);
  for (const stack of used) if (stack >= 0) marks[stack] = 1;
  for (let stack = parent.length - 1; stack >= 0; stack--) {
    const below = parent[stack] as number;
    if (marks[stack] === 1 && below >= 0) marks[below] = 1;
  }
  return marks;
}
