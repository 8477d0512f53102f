/** What is a thread without some of its rows? */
import type { ThreadSamples } from '../../src/session/session.ts';

/** The thread with these rows only. Where rows are missing time is, too: only sums mean something then, not moments. */
export function keepRows(thread: ThreadSamples, rows: readonly number[]): ThreadSamples {
  return {
    ...thread,
    stack: Int32Array.from(rows, (row) => thread.stack[row] as number),
    weight: Float64Array.from(rows, (row) => thread.weight[row] as number),
    state: Uint8Array.from(rows, (row) => thread.state[row] as number),
  };
}
