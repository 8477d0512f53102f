/** Which frames give way to their children? */
import type { FrameIdentity } from '../call-node.ts';
import { isLoaderFile } from '../javascript-library.ts';

/** Kinds of frames that are replaced by their children. */
export interface ReplacedFrames {
  /** The interpreter's import machinery, and that of Node.js. */
  readonly importMachinery: boolean;
  /** Functions with a local `__tracebackhide__`. */
  readonly hidden: boolean;
}

/**
 * Whether a frame belongs to the import machinery, which is frozen into CPython; or, in Node.js, to what loads modules and
 * hands on to the program what the event loop has for it.
 */
export function isImportMachinery({ kind, file }: Pick<FrameIdentity, 'kind' | 'file'>): boolean {
  if (file === null) return false;
  return kind === 'javascript' ? isLoaderFile(file) : file.includes('<frozen importlib._bootstrap');
}
