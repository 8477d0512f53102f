/** Which frames do the profiles of a speedscope file share? */
import { type CallNode, displayName, isSynthetic } from '../tree/call-node.ts';

/** A frame of the format; `file` and `line` are absent where there are none, since it has no null. */
interface SpeedscopeFrame {
  readonly name: string;
  readonly file?: string;
  readonly line?: number;
}

/** Frames in order of first use. */
export class SpeedscopeFrameTable {
  readonly frames: SpeedscopeFrame[] = [];
  readonly #positions = new Map<string, number>();
  /** The same by what the key is made of, so that it is made once for each. */
  readonly #known = new Map<CallNode['frame'], Map<CallNode['className'], number>>();

  /** The position of a node's frame. */
  positionOf(node: CallNode): number {
    let positions = this.#known.get(node.frame);
    if (positions === undefined) {
      positions = new Map();
      this.#known.set(node.frame, positions);
    }
    let position = positions.get(node.className);
    if (position === undefined) {
      position = this.#add(speedscopeFrame(node));
      positions.set(node.className, position);
    }
    return position;
  }

  #add(frame: SpeedscopeFrame): number {
    const key = JSON.stringify(frame);
    const position = this.#positions.get(key) ?? this.frames.push(frame) - 1;
    this.#positions.set(key, position);
    return position;
  }
}

function speedscopeFrame(node: CallNode): SpeedscopeFrame {
  const { file, firstLine } = node.frame;
  if (file === null || isSynthetic(node)) return { name: displayName(node) };
  return { name: displayName(node), file, line: firstLine };
}
