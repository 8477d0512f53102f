/** How is a file named so that a person knows which it is? */

import { type CallNode, isSynthetic } from './call-node.ts';
import { pathInPackage } from './javascript-library.ts';

/** Gives the short form of a path. */
export type ShortPath = (path: string) => string;

/**
 * The shortest of: the path itself, and the path as seen from each entry of `sys.path`. Fewer components win, then earlier
 * entries (pyinstrument 5.1.3 behaviour). Entries that are not absolute cannot be compared and are passed over, so that a
 * report does not depend on where it is made. Files of packages of npm are seen from the folder of packages they are in.
 */
export function shortPaths(sysPath: readonly string[]): ShortPath {
  const entries = [...new Set(sysPath)].filter((entry) => entry.startsWith('/')).map(components);
  const known = new Map<string, string>();
  return (path) => {
    let short = known.get(path);
    if (short === undefined) {
      short = shortest(path, entries);
      known.set(path, short);
    }
    return short;
  };
}

/** The short path of a node's file, `''` where it has none; time that is not code is where its caller is. */
export function nodeShortPath(node: CallNode, caller: CallNode | null, shortPath: ShortPath): string {
  const file = isSynthetic(node) ? (caller?.frame.file ?? '') : (node.frame.file ?? '');
  return file === '' ? '' : shortPath(file);
}

function shortest(path: string, entries: readonly (readonly string[])[]): string {
  const inPackage = pathInPackage(path);
  if (inPackage !== null) return inPackage;
  if (!path.startsWith('/')) return path;
  const target = components(path);
  let best = path;
  let fewest = path.split('/').length;
  for (const entry of entries) {
    const relative = relativePath(target, entry);
    if (relative.length >= fewest) continue;
    best = relative.join('/');
    fewest = relative.length;
  }
  return best;
}

function relativePath(target: readonly string[], from: readonly string[]): readonly string[] {
  let common = 0;
  while (common < target.length && common < from.length && target[common] === from[common]) common++;
  const relative = [...Array<string>(from.length - common).fill('..'), ...target.slice(common)];
  return relative.length === 0 ? ['.'] : relative;
}

/** Components of an absolute path, without empty ones, `.` and `..`. */
function components(path: string): readonly string[] {
  const result: string[] = [];
  for (const part of path.split('/')) {
    if (part === '..') result.pop();
    else if (part !== '' && part !== '.') result.push(part);
  }
  return result;
}
