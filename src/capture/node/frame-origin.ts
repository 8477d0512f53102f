/** Whose is a function in a profile of V8: the program's, Node's own, ours, or no function at all? */
import type { V8CallFrame } from '../../session/cpuprofile-nodes.ts';
import { fileOfUrl } from '../../session/javascript-urls.ts';

/** `program` includes what it has installed; `internal` is Node's and V8's own code. */
export type FrameOrigin = 'program' | 'internal' | 'recorder' | 'meta';

const metaNames: ReadonlySet<string> = new Set(['(root)', '(program)', '(idle)', '(garbage collector)']);

/** Code that Node.js makes up itself around the text of `-e` and of standard input. */
const wrappers: ReadonlySet<string> = new Set(['[eval]-wrapper', '[stdin]-wrapper']);

/**
 * Tells whose a frame is.
 * @param preload file of the module that was preloaded
 */
export function originOfFrames(preload: string): (frame: Pick<V8CallFrame, 'functionName' | 'url'>) => FrameOrigin {
  return ({ functionName, url }) => {
    if (url === '') return metaNames.has(functionName) ? 'meta' : 'internal';
    // WebAssembly that nothing of the program calls is Node's own: it leaves out types and reads HTTP.
    if (url.startsWith('node:') || url.startsWith('wasm:') || wrappers.has(url)) return 'internal';
    return fileOfUrl(url) === preload ? 'recorder' : 'program';
  };
}

/** Functions in which a thread sleeps although they are called as any other. */
export function isBlockingWait({ functionName, url }: Pick<V8CallFrame, 'functionName' | 'url'>): boolean {
  return url === ''
    ? functionName === 'wait' || functionName === 'spawn'
    : functionName === 'spawnSync' && url === 'node:internal/child_process';
}
