/** How do several threads go into a format that knows one sequence of samples? */
import { SessionBuilder } from '../session/builder.ts';
import { type FrameIndex, noStack, type ProcessIndex, type StackIndex } from '../session/ids.ts';
import type { FrameInfo, Session, ThreadSamples } from '../session/session.ts';

/**
 * A session with one process and one thread that holds the samples of `threads`, each thread in turn, below an entry of
 * its own as pyinstrument writes it. Time in which a thread ran no frame is left out.
 * @param threads all of one process, at least one
 */
export function joinThreads(session: Session, threads: readonly [ThreadSamples, ...ThreadSamples[]]): Session {
  const builder = new SessionBuilder();
  const frames = session.frames.map((frame) => builder.frame(frame));
  const process = session.processes[threads[0].process];
  if (process !== undefined) builder.addProcess(process);
  const joined = builder.addThread({ ...threads[0], process: 0 as ProcessIndex });
  const entries = threads.map((thread) => builder.frame(threadEntry(thread)));
  threads.forEach((thread, number) => {
    const translator = new StackTranslator(session, builder, frames, entries[number] as FrameIndex);
    for (let row = 0; row < thread.stack.length; row++) {
      const stack = thread.stack[row] as StackIndex;
      if (stack !== noStack) joined.addRow(translator.translate(stack), thread.weight[row] as number, 0);
    }
  });
  return builder.finish({
    ...session.meta,
    engine: 'file',
    sampleCount: threads.reduce((sum, thread) => sum + thread.sampleCount, 0),
    startCallStack: entries.slice(0, 1),
    startCallLines: [-1],
  });
}

function threadEntry({ name, ident }: ThreadSamples): FrameInfo {
  return { kind: 'thread', functionName: name, file: '<thread>', firstLine: ident, className: null, hidden: false };
}

/** Puts stacks of a session on top of a thread's entry in another. */
class StackTranslator {
  readonly #session: Session;
  readonly #builder: SessionBuilder;
  readonly #frames: readonly FrameIndex[];
  readonly #known: Map<number, StackIndex>;

  constructor(session: Session, builder: SessionBuilder, frames: readonly FrameIndex[], entry: FrameIndex) {
    this.#session = session;
    this.#builder = builder;
    this.#frames = frames;
    this.#known = new Map([[noStack, builder.stack([[entry, -1]])]]);
  }

  translate(stack: StackIndex): StackIndex {
    const { parent, frame, line } = this.#session.stacks;
    const missing: number[] = [];
    let at: number = stack;
    for (; !this.#known.has(at); at = parent[at] as number) missing.push(at);
    let result = this.#known.get(at) as StackIndex;
    for (const entry of missing.reverse()) {
      const location = this.#builder.location(
        this.#frames[frame[entry] as number] as FrameIndex,
        line[entry] as number,
      );
      result = this.#builder.child(result, location);
      this.#known.set(entry, result);
    }
    return result;
  }
}
