/** Builds a V8 profile call by call: from several others, or from one that says things differently. */
import type { V8CallFrame, V8LineTicks, V8Node } from '../../session/cpuprofile-nodes.ts';
import type { V8Profile } from '../../session/cpuprofile-profile.ts';

/** The place of the caller of outermost calls. */
export const noNode = -1;

/** A call, without the samples in its lines. */
export type V8Call = Pick<V8Node, 'callFrame' | 'kind' | 'position' | 'waits'>;

/** A call that says nothing besides where its function is. */
export function plainCall(callFrame: V8CallFrame): V8Call {
  return { callFrame, kind: null, position: null, waits: false };
}

/** Nodes by number; callers come before what they call. */
export class V8Tree {
  readonly calls: V8Call[] = [];
  readonly parents: number[] = [];
  readonly #children = new Map<string, number>();
  readonly #lines: (Map<number, number> | undefined)[] = [];

  /** The node of a call below `parent`; a new one where there is none yet. */
  child(parent: number, call: V8Call): number {
    const { callFrame, kind, position } = call;
    const at = position === null ? '' : `${position.lineNumber}:${position.columnNumber}`;
    const where = `${callFrame.lineNumber}:${callFrame.columnNumber}`;
    const key = `${parent} ${where} ${at} ${kind} ${callFrame.functionName}\0${callFrame.url}`;
    let node = this.#children.get(key);
    if (node === undefined) {
      node = this.calls.push(call) - 1;
      this.parents.push(parent);
      this.#lines.push(undefined);
      this.#children.set(key, node);
    }
    return node;
  }

  addLines(node: number, lines: readonly V8LineTicks[]): void {
    if (lines.length === 0) return;
    const sums = this.#lines[node] ?? new Map<number, number>();
    this.#lines[node] = sums;
    for (const { line, ticks } of lines) sums.set(line, (sums.get(line) ?? 0) + ticks);
  }

  linesOf(node: number): readonly V8LineTicks[] {
    return Array.from(this.#lines[node] ?? [], ([line, ticks]) => ({ line, ticks }));
  }

  /** The profile of samples in these nodes. */
  finish(timeline: Pick<V8Profile, 'samples' | 'weights' | 'start'>): V8Profile {
    return {
      ...timeline,
      sampleLines: null,
      parents: Int32Array.from(this.parents),
      nodes: this.calls.map((call, node) => ({ ...call, lines: this.linesOf(node) })),
    };
  }
}
