/** timesink's own stack walker on the main thread of a running process, without clock and worker. */
import { ProcessMemory } from '../src/capture/memory/process-memory.ts';
import { CCallees } from '../src/capture/python/code/c-callee.ts';
import { CallSource } from '../src/capture/python/code/call-source.ts';
import type { Code } from '../src/capture/python/code/code.ts';
import { CodeCache } from '../src/capture/python/code/code-cache.ts';
import { ObjectReader } from '../src/capture/python/objects/objects.ts';
import { ProgramStart } from '../src/capture/python/program-start.ts';
import { loadReading } from '../src/capture/python/reading.ts';
import { type FoundRuntime, findRuntime } from '../src/capture/python/runtime/find-runtime.ts';
import { listInterpreters, listThreads } from '../src/capture/python/runtime/threads.ts';
import { StackNamer } from '../src/capture/python/stack-namer.ts';
import { DataStackWalker } from '../src/capture/python/walk/data-stack-walker.ts';
import { FrameObjectWalker } from '../src/capture/python/walk/frame-object-walker.ts';
import { FrameDecoder, FrameView, owner } from '../src/capture/python/walk/frame-view.ts';
import { SessionBuilder } from '../src/session/builder.ts';
import type { Pid } from '../src/session/ids.ts';
import { emptyMeta } from './empty-meta.ts';

/** Times that a sample is tried, as in the recorder. */
const mostReads = 4;

/** Walks one thread. */
export interface Walker {
  /** Takes one sample as the recorder would. The number of its stack, or −1 when it could not be read whole. */
  sample(): number;
  /**
   * The number of the stack that `current_frame` leads to, read from the top down; the target must be stopped. −1: not
   * readable. On 3.8–3.10, whose recorder reads from the top anyway, the same as {@link sample}.
   */
  sampleStopped(): number;
  /** Names of the Python functions on a stack, outermost first. */
  functionsOf(stack: number): readonly string[];
  close(): void;
}

/** The runtime of a process that has been running for a while. @throws when it cannot be read */
export function runtimeOf(pid: number): FoundRuntime {
  const found = findRuntime(pid as Pid);
  if (found.kind !== 'found') throw new Error(`process ${pid} cannot be read: ${found.kind}`);
  return found;
}

/** Opens the main thread of a running Python process. @throws when it cannot be read */
export async function openWalker(pid: number): Promise<Walker> {
  const runtime = runtimeOf(pid);
  const { layout, instructions } = await loadReading(runtime);
  const memory = new ProcessMemory(pid as Pid);
  const reader = new ObjectReader(memory, layout);
  const main = listThreads(reader, listInterpreters(reader, runtime.runtimeAddress)).find(
    ({ tid }) => (tid as number) === pid,
  );
  if (main === undefined) throw new Error(`process ${pid} has no main thread`);
  const codes = new CodeCache(reader, instructions);
  const builder = new SessionBuilder();
  const namer = new StackNamer(
    builder,
    reader,
    new CCallees(reader, instructions, new CallSource(`/proc/${pid}/root`, '/')),
  );
  const Walk = layout.minor >= 11 ? DataStackWalker : FrameObjectWalker;
  const walker = new Walk(reader, instructions, codes, main.threadState);
  const program = new ProgramStart(true);
  const sample = (): number => {
    codes.now = performance.now();
    for (let read = 0; read < mostReads; read++)
      if (walker.sample()) return program.stackOf(walker, namer, codes.now) ?? -1;
    return -1;
  };
  // The recorder has seen the program start and knows its root.
  while (!(walker.sample() && walker.frames[0]?.code?.name === '<module>')) codes.now = performance.now();
  program.stackOf(walker, namer, codes.now);
  const session = lastOf(() => builder.finish(emptyMeta));
  return {
    sample,
    sampleStopped: () => {
      if (walker instanceof FrameObjectWalker) return sample();
      codes.now = performance.now();
      const found = framesFromTop(walker, memory, new FrameDecoder(reader, codes));
      return found.length === 0 ? -1 : namer.stackOf({ ...noSlots, frames: found, depth: found.length });
    },
    functionsOf: (stack) => {
      const { frames, stacks } = session(stack);
      const names: string[] = [];
      for (let at = stack; at >= 0; at = stacks.parent[at] as number) {
        const frame = frames[stacks.frame[at] as number];
        if (frame?.kind === 'python') names.push(frame.functionName);
      }
      return names.reverse();
    },
    close: () => memory.close(),
  };
}

const noSlots = { slot: (): number => 0, sample: (): boolean => true };

/** The finished session, made anew only when a stack is asked for that came later. */
function lastOf(
  finish: () => ReturnType<SessionBuilder['finish']>,
): (stack: number) => ReturnType<SessionBuilder['finish']> {
  let last: ReturnType<SessionBuilder['finish']> | undefined;
  return (stack) => {
    if (last === undefined || stack >= last.stacks.parent.length) last = finish();
    return last;
  };
}

/** Outermost first; frames that are still being set up left out, as CPython itself does. Empty: not readable. */
function framesFromTop(walker: DataStackWalker, memory: ProcessMemory, decoder: FrameDecoder): FrameView[] {
  walker.stack.read();
  const found: FrameView[] = [];
  let address = walker.stack.currentFrame;
  while (address > 0) {
    const view = new FrameView();
    const { room } = view;
    if (memory.read(address, room.bytes) < decoder.headerSize) return [];
    const below = decoder.shimPrevious(room, 0);
    if (below !== undefined) address = below;
    else if (!decoder.decode(view, room, 0, address)) return [];
    else {
      if (view.owner === owner.generator || view.rawUnit >= (view.code as Code).firstTraceable) found.push(view);
      address = view.previous;
    }
  }
  return address === 0 ? found.reverse() : [];
}
