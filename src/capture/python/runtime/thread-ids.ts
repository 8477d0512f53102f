/** By which id does the system here know a thread that goes by another one in a pid namespace of its own? */
import { readdirSync } from 'node:fs';
import type { Pid, Tid } from '../../../session/ids.ts';
import { innerId } from '../../system/process-facts.ts';

/** The threads of one process: in a container that was entered from outside, their own ids are not ours. */
export class ThreadIds {
  readonly #pid: Pid;
  readonly #isInner: boolean;
  readonly #outerIds = new Map<number, Tid>();

  constructor(pid: Pid) {
    this.#pid = pid;
    this.#isInner = (innerId(pid) ?? pid) !== (pid as number);
  }

  /** The id here of the thread that calls itself `inner`; undefined where there is none. */
  outer(inner: number): Tid | undefined {
    if (!this.#isInner) return inner as Tid;
    if (!this.#outerIds.has(inner)) this.#list();
    return this.#outerIds.get(inner);
  }

  /** The thread has ended: another one may go by the same inner id. */
  forget(outer: Tid): void {
    for (const [inner, tid] of this.#outerIds) if (tid === outer) this.#outerIds.delete(inner);
  }

  #list(): void {
    this.#outerIds.clear();
    for (const tid of threadsOf(this.#pid)) {
      const inner = innerId(this.#pid, tid);
      if (inner !== undefined) this.#outerIds.set(inner, tid);
    }
  }
}

function threadsOf(pid: Pid): readonly Tid[] {
  try {
    return readdirSync(`/proc/${pid}/task`).map((name) => Number(name) as Tid);
  } catch {
    return [];
  }
}
