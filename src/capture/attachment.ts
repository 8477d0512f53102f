/** Recording a process that runs already, as the rest of the program sees it. */
import type { Recording } from './recorder.ts';

/** A recording of a process under way. */
export interface Attachment {
  /** Resolves when the process has ended, or lets itself be recorded no longer. */
  readonly ended: Promise<void>;
  /** Ends the recording; the process goes on as before. */
  stop(): Promise<Recording>;
}
