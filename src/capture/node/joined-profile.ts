/** How do the pieces of a thread's recording become one? */
import type { V8CallFrame } from '../../session/cpuprofile-nodes.ts';
import type { V8Profile } from '../../session/cpuprofile-profile.ts';
import { Growable } from '../../util/growable.ts';
import { noNode, V8Tree } from './v8-tree.ts';

/** All pieces of a thread as one; samples and the moments, in µs, at which they were taken. */
export interface JoinedProfile {
  readonly tree: V8Tree;
  readonly samples: Int32Array;
  readonly times: Float64Array;
}

/** Pieces overlap by the moment that it takes to change from one to the next: a moment counts once. */
export function joinProfiles(pieces: readonly V8Profile[]): JoinedProfile {
  const tree = new V8Tree();
  const samples = new Growable(new Int32Array(1024));
  const times = new Growable(new Float64Array(1024));
  let last = Number.NEGATIVE_INFINITY;
  for (const piece of pieces) {
    const nodes = copyNodes(piece, tree);
    let time = piece.start;
    for (let sample = 0; sample < piece.samples.length; sample++) {
      if (time > last) {
        samples.push(nodes[piece.samples[sample] as number] as number);
        times.push(time);
        last = time;
      }
      time += piece.weights[sample] as number;
    }
  }
  return { tree, samples: samples.finish(), times: times.finish() };
}

/** The numbers that a piece's nodes have in the tree; that of V8's own root is {@link noNode}. */
function copyNodes({ nodes, parents }: V8Profile, tree: V8Tree): Int32Array {
  const unknown = -2;
  const copied = new Int32Array(nodes.length).fill(unknown);
  const path: number[] = [];
  for (let start = 0; start < nodes.length; start++) {
    // Callers may come after what they call.
    for (let at = start; at >= 0 && copied[at] === unknown; at = parents[at] as number) path.push(at);
    for (let at = path.pop(); at !== undefined; at = path.pop()) {
      const node = nodes[at] as V8Profile['nodes'][number];
      const caller = parents[at] as number;
      const isRoot = caller < 0 && node.callFrame.functionName === '(root)';
      const below = caller < 0 ? noNode : (copied[caller] as number);
      copied[at] = isRoot ? noNode : tree.child(below, { ...node, callFrame: fromItsStart(node.callFrame) });
      if (!isRoot) tree.addLines(copied[at] as number, node.lines);
    }
  }
  return copied;
}

/** V8 says of an ES module's own code that it begins nowhere. */
function fromItsStart(frame: V8CallFrame): V8CallFrame {
  const isModule = frame.functionName === '' && frame.url !== '' && frame.lineNumber < 0;
  return isModule ? { ...frame, lineNumber: 0, columnNumber: 0 } : frame;
}
