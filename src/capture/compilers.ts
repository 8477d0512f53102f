/** Is what runs now worth being compiled to machine code? V8's compilers take 20 MB, which a recorder that seldom works does without. */
import { setFlagsFromString } from 'node:v8';

/**
 * Switches V8's optimizing compilers on or off for the whole process, from now on; what they have compiled stays. Code that
 * is only interpreted takes a fifth more time for a sample, and many times more for a large report.
 */
export function setCompilers(areOn: boolean): void {
  for (const compiler of ['opt', 'maglev']) setFlagsFromString(areOn ? `--${compiler}` : `--no-${compiler}`);
}
