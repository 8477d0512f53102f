/** Which part of a stack belongs to a region: what its function called, without who called it and without our own frames? */
import { pathToFileURL } from 'node:url';
import type { V8CallFrame } from '../../../session/cpuprofile-nodes.ts';
import type { AwaitFrame, AwaitStack } from '../left-files.ts';
import type { V8Call } from '../v8-tree.ts';

/** Calls, outermost first. */
export type Path = readonly V8Call[];

/** Where a region begins in the stacks of the code that it was begun by. */
export type RegionStart =
  /** At the function that it was given: below so many other regions whose functions are under way. */
  | { readonly kind: 'function'; readonly outerRegions: number }
  /** At the function that called `start`: its stack then, outermost frame first. */
  | { readonly kind: 'caller'; readonly stack: Path };

/** The folder that the build puts all of this into; as sources, the one of the engine. */
const ownFolder = new URL('.', import.meta.url).href;

/** Whether a frame is one of ours. */
export function isOwn({ url }: Pick<V8CallFrame, 'url'>): boolean {
  return url.startsWith(ownFolder);
}

/** Whether a frame is Node's own, of what calls code back and keeps account of it. */
function isMachinery({ functionName, url }: V8CallFrame): boolean {
  return (
    url.startsWith('node:internal/') ||
    url.startsWith('node:async_hooks') ||
    (url === '' && functionName === 'runMicrotasks')
  );
}

/** What watches promises and callbacks: ours, and what calls it. */
function isHook(frame: V8CallFrame): boolean {
  return isOwn(frame) || frame.url.startsWith('node:internal/async_hooks');
}

/** A stack as an error tells it, as calls. */
export function pathOfStack(stack: AwaitStack): Path {
  return stack.map(callOfFrame).reverse();
}

function callOfFrame([functionName, file, line, column, startLine, startColumn]: AwaitFrame): V8Call {
  // As V8 writes it in profiles.
  const url = file.startsWith('/') ? pathToFileURL(file).href : file;
  return {
    callFrame: { functionName, url, lineNumber: startLine - 1, columnNumber: startColumn - 1 },
    kind: null,
    position: line > 0 ? { lineNumber: line - 1, columnNumber: Math.max(0, column - 1) } : null,
    waits: false,
  };
}

/** Without our hooks, and Node's around them, at the end of a path. */
export function withoutHooks(path: Path): Path {
  let end = path.length;
  while (end > 0 && isHook((path[end - 1] as V8Call).callFrame)) end--;
  return path.slice(0, end);
}

/**
 * Of a path that ends in what we do ourselves, the program's part; undefined for others. Our functions call only Node's and
 * V8's, unless it is the function that is recorded.
 */
export function callerOfOwnWork(path: Path): Path | undefined {
  const last = path.findLastIndex(({ callFrame }) => isOwn(callFrame));
  const isOurs = last >= 0 && path.slice(last + 1).every(({ callFrame }) => !isProgram(callFrame));
  if (!isOurs) return undefined;
  let first = last;
  while (first > 0 && !isProgram((path[first - 1] as V8Call).callFrame)) first--;
  return path.slice(0, first);
}

function isProgram(frame: V8CallFrame): boolean {
  return frame.url !== '' && !frame.url.startsWith('node:') && !isOwn(frame);
}

/** What is below the region's beginning, of a stack that it began in; undefined where the stack is another one. */
export function belowStart(path: Path, start: RegionStart): Path | undefined {
  if (start.kind === 'caller') return belowCaller(path, start.stack);
  let regions = 0;
  for (let at = 0; at < path.length; at++) {
    const isEnd = isOwn((path[at] as V8Call).callFrame) && !continuesOwn(path, at + 1);
    if (isEnd && regions++ === start.outerRegions) return withoutOwn(afterMachinery(path, at + 1));
  }
  return undefined;
}

/** From where the function that was given begins: AsyncLocalStorage calls it. */
function afterMachinery(path: Path, from: number): Path {
  let at = from;
  while (at < path.length && isMachinery((path[at] as V8Call).callFrame)) at++;
  return path.slice(at);
}

/** Between two of our frames there may be those of AsyncLocalStorage. */
function continuesOwn(path: Path, from: number): boolean {
  const [next] = afterMachinery(path, from);
  return next !== undefined && isOwn(next.callFrame);
}

function belowCaller(path: Path, stack: Path): Path | undefined {
  let same = 0;
  while (same < path.length && same < stack.length && isSameFunction(path[same], stack[same])) same++;
  return same === 0 ? undefined : withoutOwn(path.slice(same - 1));
}

/** Without what Node.js calls the program's code from. */
export function withoutMachinery(path: Path): Path {
  const plain = withoutOwn(path);
  let from = 0;
  while (from < plain.length - 1 && isMachinery((plain[from] as V8Call).callFrame)) from++;
  return plain.slice(from);
}

function withoutOwn(path: Path): Path {
  return path.some(({ callFrame }) => isOwn(callFrame)) ? path.filter(({ callFrame }) => !isOwn(callFrame)) : path;
}

/** Without Node's functions at its inner end: of those that take callbacks. */
export function withoutInnerMachinery(path: Path): Path {
  let end = path.length;
  while (end > 0 && (path[end - 1] as V8Call).callFrame.url.startsWith('node:')) end--;
  return path.slice(0, end);
}

/** Without who waits for the region's outermost function. */
export function fromRoot(path: Path, root: V8Call | undefined): Path {
  const at = root === undefined ? -1 : path.findIndex((call) => isSameFunction(call, root));
  return at < 0 ? path : path.slice(at);
}

/** By name and file: stacks of errors do not tell on every version where a function begins. */
export function isSameFunction(a: V8Call | undefined, b: V8Call | undefined): boolean {
  return a?.callFrame.functionName === b?.callFrame.functionName && a?.callFrame.url === b?.callFrame.url;
}
