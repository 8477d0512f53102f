/** Has a copy that `fork` made become another program since? */
import type { Pid } from '../../session/ids.ts';
import { stackStart } from '../system/process-facts.ts';

/** How often in ms it is asked, at first and after so many ms: most call `exec` at once or never. */
const earlyTime = 200;
const lateLook = 10;

/**
 * Watches a fork for `exec`. Memory that was opened while a child of `vfork` (CPython's subprocess) still shared it with its
 * parent stays readable and tells nothing.
 */
export class ForkWatch {
  readonly #pid: Pid;
  readonly #stack: string | undefined;
  readonly #since: number;
  #nextLook: number;

  /** @param now in ms, as of {@link isReplaced} */
  constructor(pid: Pid, now: number) {
    this.#pid = pid;
    this.#stack = stackStart(pid);
    this.#since = now;
    this.#nextLook = now;
  }

  /** Whether it runs another program, or has ended; looks every now and then. */
  isReplaced(now: number): boolean {
    if (now < this.#nextLook) return false;
    this.#nextLook = now + (now - this.#since < earlyTime ? 0 : lateLook);
    return stackStart(this.#pid) !== this.#stack;
  }
}
