/** What was under a leaf when that could last be told? (3.8–3.10) */
import type { Code } from '../code/code.ts';
import type { FrameView } from './frame-view.ts';

/** Most leaves remembered; most callers, of one leaf and of all. */
const mostLeaves = 10_000;
const mostCallers = 2000;
const mostInAll = 500_000;

/** Code and unit of each caller, outermost first; the leaf is left out. */
export interface Callers {
  readonly codes: readonly Code[];
  readonly units: Int32Array;
}

/** The last known callers of each leaf. */
export class KnownCallers {
  readonly #callersOf = new Map<Code, Callers>();
  #inAll = 0;

  of(leaf: Code): Callers | undefined {
    return this.#callersOf.get(leaf);
  }

  /** Notes the first `depth` of `frames`, outermost first, the last of which is the leaf. */
  remember(frames: readonly FrameView[], depth: number): void {
    const leaf = frames[depth - 1]?.code as Code;
    const known = this.#callersOf.get(leaf);
    if (depth > mostCallers || (known !== undefined && isSame(known, frames, depth))) return;
    const callers = frames.slice(0, depth - 1);
    if (this.#callersOf.size >= mostLeaves || this.#inAll + callers.length > mostInAll) {
      this.#callersOf.clear();
      this.#inAll = 0;
    } else this.#inAll -= known?.codes.length ?? 0;
    this.#inAll += callers.length;
    this.#callersOf.set(leaf, {
      codes: callers.map((view) => view.code as Code),
      units: Int32Array.from(callers, (view) => view.rawUnit),
    });
  }
}

function isSame({ codes, units }: Callers, frames: readonly FrameView[], depth: number): boolean {
  if (codes.length !== depth - 1) return false;
  for (let at = 0; at < codes.length; at++) {
    const view = frames[at] as FrameView;
    if (view.code !== codes[at] || view.rawUnit !== units[at]) return false;
  }
  return true;
}
