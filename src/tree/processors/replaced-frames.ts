/** Which frames give way to their children? */
import type { FrameIdentity } from '../call-node.ts';

/** Kinds of frames that are replaced by their children. */
export interface ReplacedFrames {
  /** The interpreter's import machinery. */
  readonly importMachinery: boolean;
  /** Functions with a local `__tracebackhide__`. */
  readonly hidden: boolean;
}

/** Whether a frame belongs to the import machinery, which is frozen into CPython. */
export function isImportMachinery(frame: FrameIdentity): boolean {
  return frame.file?.includes('<frozen importlib._bootstrap') ?? false;
}
