/** Where does the program stand when it awaits, and who waits for what goes on? Stacks of awaits as calls of a profile. */
import { pathToFileURL } from 'node:url';
import type { V8CallFrame } from '../../session/cpuprofile-nodes.ts';
import { fileOfUrl } from '../../session/javascript-urls.ts';
import type { FrameOrigin } from './frame-origin.ts';
import type { IdleEnds } from './idle-ends.ts';
import type { AwaitFrame, AwaitRecords } from './left-files.ts';
import type { V8Call } from './v8-tree.ts';

/** A call of an await's stack. */
export interface AwaitCall {
  readonly call: V8Call;
  /** Whether it waits for what it called rather than being under way: when that goes on, it is not below it. */
  readonly waits: boolean;
  readonly origin: FrameOrigin;
}

/** Outermost call first; begins with one of the program's. */
export type AwaitPath = readonly AwaitCall[];

/** What is known of a thread's awaits. */
export interface KnownAwaits extends IdleEnds<AwaitPath> {
  /** All that were met, each once, whether they ended idle time or not. */
  readonly paths: readonly AwaitPath[];
}

/** The awaits in all pieces of a thread; those outside of the program are left out. */
export function awaitPaths(
  pieces: readonly AwaitRecords[],
  originOf: (frame: Pick<V8CallFrame, 'functionName' | 'url'>) => FrameOrigin,
): KnownAwaits {
  const times: number[] = [];
  const ends: AwaitPath[] = [];
  const known = new Map<string, AwaitPath>();
  for (const { stacks, ends: records } of pieces) {
    const paths = stacks.map((stack) => {
      const key = JSON.stringify(stack);
      const path = known.get(key) ?? pathOf(stack, originOf);
      known.set(key, path);
      return path;
    });
    for (const [at, stack] of records) {
      const path = paths[stack];
      if (path === undefined || path.length === 0) continue;
      times.push(at);
      ends.push(path);
    }
  }
  return { times, ends, paths: [...known.values()].filter((path) => path.length > 0) };
}

function pathOf(
  stack: readonly AwaitFrame[],
  originOf: (frame: Pick<V8CallFrame, 'functionName' | 'url'>) => FrameOrigin,
): AwaitPath {
  const calls = stack.map(([functionName, file, line, column, startLine, startColumn, waits]): AwaitCall => {
    // As V8 writes it in profiles.
    const url = file.startsWith('/') ? pathToFileURL(file).href : file;
    const callFrame = { functionName, url, lineNumber: startLine - 1, columnNumber: startColumn - 1 };
    const position = line > 0 ? { lineNumber: line - 1, columnNumber: Math.max(0, column - 1) } : null;
    return {
      call: { callFrame, kind: null, position, waits: false },
      waits: waits === 1,
      origin: originOf(callFrame),
    };
  });
  calls.reverse();
  const outermost = calls.findIndex(({ origin }) => origin === 'program');
  return outermost < 0 ? [] : calls.slice(outermost).filter(({ origin }) => origin !== 'recorder');
}

/**
 * A function by what profiles and stacks agree on; undefined where its start is not known. Stacks begin a function at its first
 * word, profiles at its parameters (measured on Node 20 to 26): for functions without a name both are the same.
 */
export function functionKey({ functionName, url, lineNumber, columnNumber }: V8CallFrame): string | undefined {
  if (lineNumber < 0) return undefined;
  return `${lineNumber}:${functionName === '' ? columnNumber : functionName} ${fileOfUrl(url)}`;
}

/**
 * Who waits for each function that awaits, outermost first: V8 samples what goes on after an await without those. Where
 * there are several, those for whom the thread was idle longest.
 * @param weights how long the thread was idle for a path
 */
export function waitingCallers(
  paths: readonly AwaitPath[],
  weights: ReadonlyMap<AwaitPath, number>,
): ReadonlyMap<string, AwaitPath> {
  const awaiting = awaitingFunctions(paths);
  const sums = new Map<string, Map<AwaitPath, number>>();
  const prefixes = new Map<string, AwaitPath>();
  for (const path of paths) {
    path.forEach(({ call }, index) => {
      const key = functionKey(call.callFrame);
      if (key === undefined || index === 0 || !awaiting.has(key)) return;
      const callers = path.slice(0, index);
      const text = callers.map((caller) => `${functionKey(caller.call.callFrame)} ${caller.call.position?.lineNumber}`);
      const prefix = prefixes.get(text.join('\n')) ?? callers;
      prefixes.set(text.join('\n'), prefix);
      const byPrefix = sums.get(key) ?? new Map<AwaitPath, number>();
      sums.set(key, byPrefix.set(prefix, (byPrefix.get(prefix) ?? 0) + (weights.get(path) ?? 0)));
    });
  }
  return new Map(Array.from(sums, ([key, byPrefix]) => [key, heaviest(byPrefix)]));
}

/** Functions that were seen to await: only these go on without their callers. */
function awaitingFunctions(paths: readonly AwaitPath[]): ReadonlySet<string> {
  const found = new Set<string>();
  for (const path of paths) {
    path.forEach(({ call, waits }, index) => {
      const key = waits || index === path.length - 1 ? functionKey(call.callFrame) : undefined;
      if (key !== undefined) found.add(key);
    });
  }
  return found;
}

function heaviest(weights: ReadonlyMap<AwaitPath, number>): AwaitPath {
  return [...weights].reduce((most, entry) => (entry[1] > most[1] ? entry : most))[0];
}
