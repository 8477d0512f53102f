/** How does the made-up program look after somebody worked on it? Parts of it faster, slower, gone and new. */
import type { FrameInfo, Session, ThreadSamples } from '../../src/session/session.ts';
import { seconds } from '../../src/session/units.ts';

/** By which factor the time of everything below a function changes. */
const factors: Readonly<Record<string, number>> = { price_all: 0.55, load: 1.6, walk: 1.02 };

/** Functions that have another name afterwards: these are gone and new. */
const renamed: Readonly<Record<string, string>> = { adjusted: 'exponent' };

/** The session as it would be after the change: the same stacks, with other weights. */
export function changedSession(session: Session): Session {
  const factor = factorsByStack(session);
  const threads = session.threads.map((thread) => withFactors(thread, factor));
  const [main, mainBefore] = [threads[0], session.threads[0]];
  const added = main === undefined || mainBefore === undefined ? 0 : sum(main) - sum(mainBefore);
  const rename = (frame: FrameInfo): FrameInfo => ({
    ...frame,
    functionName: renamed[frame.functionName] ?? frame.functionName,
    firstLine: frame.functionName === 'main' ? frame.firstLine + 3 : frame.firstLine,
  });
  const duration = seconds(session.meta.duration + added);
  return {
    ...session,
    meta: { ...session.meta, duration, startTime: session.meta.startTime },
    processes: session.processes.map((process) => ({ ...process, duration })),
    frames: session.frames.map(rename),
    threads,
  };
}

function factorsByStack({ frames, stacks }: Session): readonly number[] {
  const found: number[] = [];
  stacks.frame.forEach((frame, stack) => {
    const above = found[stacks.parent[stack] as number] ?? 1;
    found.push(factors[frames[frame]?.functionName ?? ''] ?? above);
  });
  return found;
}

function withFactors(thread: ThreadSamples, factor: readonly number[]): ThreadSamples {
  return { ...thread, weight: thread.weight.map((weight, row) => weight * (factor[thread.stack[row] as number] ?? 1)) };
}

function sum({ weight }: ThreadSamples): number {
  return weight.reduce((all, time) => all + time, 0);
}
