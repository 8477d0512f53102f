/** The seam to timesink's own stack walker, called directly: no clock, no worker, no session of a whole process tree. */

/** A frame as a sample shows it. */
export interface WalkedFrame {
  readonly functionName: string;
  readonly file: string | null;
  readonly line: number;
}

/** Walks the main thread of one process. */
export interface Walker {
  /** Takes one sample as the recorder would. The number of its stack, or −1 when it could not be read whole. */
  sample(): number;
  /** The number of the stack that `current_frame` leads to; the target must be stopped. −1: not readable. */
  sampleStopped(): number;
  /** Python frames of a stack, outermost first, C functions left out. */
  framesOf(stack: number): readonly WalkedFrame[];
  close(): void;
}

/** Opens a running Python process. @throws when it cannot be read */
export async function openWalker(_pid: number): Promise<Walker> {
  throw new Error('the walker is not connected yet');
}
