/** Which code is the application's own, and which belongs to libraries? */
import type { ProcessInfo } from '../session/session.ts';
import { type CallNode, isSynthetic, visitNodes } from './call-node.ts';

/** `caller`: the code has no file of its own, such as the text given to `exec`, and counts as its caller does. */
export type Origin = 'application' | 'library' | 'caller';

/** Says where a file belongs. */
export type OriginOf = (file: string | null) => Origin;

const packageFolders = /[/\\](?:site|dist)-packages[/\\]/;

/**
 * The rule for one process: libraries are what lies below one of Python's prefixes or in a `site-packages` or
 * `dist-packages` anywhere, what has no file, and names in angle brackets except those of notebook cells.
 *
 * A prefix is a folder: `/opt/env` does not cover `/opt/environment`.
 */
export function originRule(process: Pick<ProcessInfo, 'sysPrefixes'> | undefined): OriginOf {
  const prefixes = [...new Set(process?.sysPrefixes ?? [])].filter((prefix) => prefix !== '');
  const known = new Map<string, Origin>();
  return (file) => {
    if (file === null || file === '') return 'library';
    let origin = known.get(file);
    if (origin === undefined) {
      origin = originOfFile(file, prefixes);
      known.set(file, origin);
    }
    return origin;
  };
}

function originOfFile(file: string, prefixes: readonly string[]): Origin {
  if (prefixes.some((prefix) => isWithin(file, prefix)) || packageFolders.test(file)) return 'library';
  if (!file.startsWith('<') || file.startsWith('<ipython-input-')) return 'application';
  return file === '<string>' || file === '<stdin>' ? 'caller' : 'library';
}

function isWithin(file: string, folder: string): boolean {
  if (!file.startsWith(folder)) return false;
  return /[/\\]$/.test(folder) || file.length === folder.length || /[/\\]/.test(file.charAt(folder.length));
}

/** The nodes of a tree that are application code. */
export function applicationNodes(root: CallNode, originOf: OriginOf): ReadonlySet<CallNode> {
  const found = new Set<CallNode>();
  visitNodes(root, (node, caller) => {
    if (isSynthetic(node)) return;
    const origin = originOf(node.frame.file);
    const isOutermost = caller === null || caller.frame.kind === 'root';
    if (origin === 'application' || (origin === 'caller' && (isOutermost || found.has(caller)))) found.add(node);
  });
  return found;
}
