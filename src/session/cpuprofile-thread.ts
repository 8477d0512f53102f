/** How does a CPU profile of V8 become the samples of a thread? */
import type { SessionBuilder, ThreadBuilder } from './builder.ts';
import { linesOfSamples } from './cpuprofile-lines.ts';
import type { V8Node, V8Nodes } from './cpuprofile-nodes.ts';
import type { V8Profile } from './cpuprofile-profile.ts';
import { noStack, type StackIndex } from './ids.ts';
import type { JavaScriptFrames, NamedFrame } from './javascript-frames.ts';
import { threadState } from './session.ts';

/** How it went. */
export interface AddedProfile {
  readonly samples: number;
  /** Samples whose stack V8 could not read, so that they count as the sample before. */
  readonly incomplete: number;
}

/** Where longer than this nobody looked, what happened between is not known: in microseconds. */
const longestIncomplete = 20_000;

/**
 * Adds a profile to a thread, from its first sample on. `(idle)` is a stack of one frame, in which the thread sleeps; garbage
 * collection, which V8 puts beside everything else, is on top of the stack that it interrupts; a lone `(program)` between two
 * samples of the same outermost function is a stack that V8 could not read, and counts as the sample before: all as Chrome
 * DevTools takes them.
 */
export function addCpuProfile(
  builder: SessionBuilder,
  thread: ThreadBuilder,
  profile: V8Profile,
  frames: JavaScriptFrames,
): AddedProfile {
  frames.learn(profile.nodes);
  const named = nameUsed(profile, frames);
  const callers = new CallerStacks(builder, profile, named, frames);
  const lines = linesOfSamples(profile, named);
  const { nodes, samples, weights } = profile;
  const readable = repaired(profile, named);
  let incomplete = 0;
  let interrupted = noStack;
  for (let sample = 0; sample < readable.length; sample++) {
    const node = readable[sample] as number;
    const weight = (weights[sample] as number) / 1e6;
    const frame = named[node];
    const isRepaired = node !== samples[sample];
    if (isRepaired) incomplete++;
    if (frame === undefined) {
      thread.add(noStack, weight, threadState.onCpu);
      continue;
    }
    const isAlone = callers.of(node) === noStack;
    const collects = frame.kind === 'gc' && isAlone;
    const line = isRepaired ? -1 : (lines[sample] as number);
    const location = line < 0 ? frame.location : frames.atLine(frame, line);
    const stack = builder.child(collects ? interrupted : callers.of(node), location);
    if (!collects) interrupted = isAlone && frame.kind !== 'javascript' ? noStack : stack;
    const sleeps = frame.kind === 'idle' || (nodes[node] as V8Node).waits;
    thread.add(stack, weight, sleeps ? 0 : threadState.onCpu);
  }
  return { samples: samples.length, incomplete };
}

/** By node: its frame, if a sample is in it. */
type NamedNodes = readonly (NamedFrame | undefined)[];

function nameUsed({ nodes, parents, samples }: V8Profile, frames: JavaScriptFrames): NamedNodes {
  const named = new Array<NamedFrame | undefined>(nodes.length).fill(undefined);
  for (const sample of samples) {
    for (let at = sample; at >= 0 && named[at] === undefined; at = parents[at] as number) {
      const node = nodes[at] as V8Node;
      if (isRootNode(node)) break;
      const caller = nodes[parents[at] as number];
      named[at] = frames.of(node, caller === undefined || isRootNode(caller) ? undefined : caller);
    }
  }
  return named;
}

/** What V8 puts below everything. */
function isRootNode({ callFrame, kind }: V8Node): boolean {
  return kind === null && callFrame.functionName === '(root)' && callFrame.url === '';
}

/** The callers of nodes as stacks, at the lines of their calls as far as they are known. */
class CallerStacks {
  readonly #builder: SessionBuilder;
  readonly #frames: JavaScriptFrames;
  readonly #nodes: readonly V8Node[];
  readonly #parents: Int32Array;
  readonly #named: NamedNodes;
  readonly #known: (StackIndex | undefined)[] = [];

  constructor(builder: SessionBuilder, { nodes, parents }: V8Nodes, named: NamedNodes, frames: JavaScriptFrames) {
    this.#builder = builder;
    this.#frames = frames;
    this.#nodes = nodes;
    this.#parents = parents;
    this.#named = named;
  }

  /** The stack that a node is on top of. */
  of(node: number): StackIndex {
    const path: number[] = [];
    for (let at = node; at >= 0 && this.#known[at] === undefined; at = this.#parents[at] as number) path.push(at);
    for (let at = path.pop(); at !== undefined; at = path.pop()) this.#known[at] = this.#add(at);
    return this.#known[node] as StackIndex;
  }

  /** The stack below a node whose caller's is known. */
  #add(node: number): StackIndex {
    const caller = this.#parents[node] as number;
    if (caller < 0 || isRootNode(this.#nodes[caller] as V8Node)) return noStack;
    const [frame, own] = [this.#named[caller] as NamedFrame, this.#named[node] as NamedFrame];
    const line = this.#nodes[caller]?.position === null ? frame.callLineOf(own.info) : -1;
    const location = line < 0 ? frame.location : this.#frames.atLine(frame, line);
    return this.#builder.child(this.#known[caller] as StackIndex, location);
  }
}

/** The nodes of samples, where stacks that could not be read have that of the sample before. */
function repaired({ samples, weights, parents, nodes }: V8Profile, named: NamedNodes): Int32Array {
  const result = samples.slice();
  const outermost = outermostNodes(parents, nodes);
  const isCode = (node: number): boolean => named[node]?.kind === 'javascript' || outermost[node] !== node;
  for (let sample = 1; sample < samples.length - 1; sample++) {
    const node = samples[sample] as number;
    if (named[node]?.kind !== 'native' || outermost[node] !== node) continue;
    const [before, after] = [result[sample - 1] as number, samples[sample + 1] as number];
    const isShort = (weights[sample] as number) <= longestIncomplete;
    if (isShort && isCode(before) && isCode(after) && outermost[before] === outermost[after]) result[sample] = before;
  }
  return result;
}

/** By node: the one below which only the root is. */
function outermostNodes(parents: Int32Array, nodes: readonly V8Node[]): Int32Array {
  const outermost = new Int32Array(parents.length).fill(-1);
  const isOutermost = (node: number): boolean => {
    const parent = parents[node] as number;
    return parent < 0 || isRootNode(nodes[parent] as V8Node);
  };
  for (let node = 0; node < parents.length; node++) {
    const path: number[] = [];
    let at = node;
    while (outermost[at] === -1 && !isOutermost(at)) {
      path.push(at);
      at = parents[at] as number;
    }
    const found = outermost[at] === -1 ? at : (outermost[at] as number);
    outermost[at] = found;
    for (const passed of path) outermost[passed] = found;
  }
  return outermost;
}
