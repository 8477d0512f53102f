/** Which code is the application's own, and which belongs to libraries? */
import { libraryOf, packageFolder, standardLibrary } from '../session/library-folders.ts';
import type { ProcessInfo } from '../session/session.ts';
import { type CallNode, isSynthetic, visitNodes } from './call-node.ts';
import { originOfJavaScript } from './javascript-library.ts';

/**
 * Whose code it is: the application's own; the interpreter's (its standard library and built-in functions); an installed
 * package's. `caller`: the code has no file of its own, such as the text given to `exec`, and counts as its caller does.
 */
export type Origin = 'application' | 'stdlib' | 'package' | 'caller';

/** Says where a file belongs. */
export type OriginOf = (file: string | null) => Origin;

/** Folders directly below a prefix that belong to the interpreter; names of Windows in lower case. */
const folderOrigins = {
  posix: new Map<string, Origin>([['bin', 'package']]),
  windows: new Map<string, Origin>([
    ['lib', 'stdlib'],
    ['dlls', 'stdlib'],
    ['scripts', 'package'],
  ]),
};

/**
 * The rule for one process. Libraries are the standard library, whatever lies in a folder that installers fill, wherever
 * that is, the commands that installers put into the interpreter's own folder (`bin`), and code in angle brackets except
 * notebook cells; but not a package that is the program itself. Everything else is the application, also below a prefix:
 * `/usr/src/app` with the Python of `/usr`, or a checkout in a virtual environment that was installed to be edited.
 */
export function originRule(process: Pick<ProcessInfo, 'sysPrefixes'> | undefined): OriginOf {
  const prefixes = [...new Set(process?.sysPrefixes ?? [])].filter((prefix) => prefix !== '');
  const known = new Map<string, Origin>();
  return (file) => {
    if (file === null || file === '') return 'stdlib';
    let origin = known.get(file);
    if (origin === undefined) {
      origin = originOfFile(file, prefixes);
      known.set(file, origin);
    }
    return origin;
  };
}

function originOfFile(file: string, prefixes: readonly string[]): Origin {
  const script = originOfJavaScript(file);
  if (script !== undefined) return script;
  if (file.startsWith('<')) return originInBrackets(file);
  if (isProgram(file, prefixes)) return 'application';
  if (packageFolder.test(file)) return 'package';
  if (standardLibrary.test(file)) return 'stdlib';
  for (const prefix of prefixes) {
    const origin = originBelow(file, prefix);
    if (origin !== undefined) return origin;
  }
  return 'application';
}

/** Whether a file is of a package that is the program itself: see `withProgramModules` and `withProgramPackages`. */
function isProgram(file: string, prefixes: readonly string[]): boolean {
  const library = libraryOf(file);
  return library !== null && prefixes.includes(library);
}

/** Other names in brackets are of code that packages generate. */
function originInBrackets(file: string): Origin {
  if (file === '<string>' || file === '<stdin>' || file.startsWith('<python-input-')) return 'caller';
  if (file.startsWith('<ipython-input-')) return 'application';
  return file === '<built-in>' || file === '<thread>' || file.startsWith('<frozen ') ? 'stdlib' : 'package';
}

/** Where a file belongs because of its folder in an interpreter's own; a prefix `/opt/env` does not cover `/opt/envs`. */
function originBelow(file: string, prefix: string): Origin | undefined {
  const isWindows = /^(?:[a-z]:|\\\\)/i.test(prefix);
  const [path, top] = isWindows ? [windowsPath(file), windowsPath(prefix)] : [file, prefix];
  const separator = isWindows ? '\\' : '/';
  const folder = top.endsWith(separator) ? top : top + separator;
  if (!path.startsWith(folder)) return undefined;
  const [first = '', ...rest] = path.slice(folder.length).split(separator);
  return rest.length === 0 ? undefined : folderOrigins[isWindows ? 'windows' : 'posix'].get(first);
}

/** Paths of Windows are equal whatever their case and slashes. */
function windowsPath(path: string): string {
  return path.replaceAll('/', '\\').toLowerCase();
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
