/** Which file does a program's name stand for? */
import { accessSync, constants, type PathLike, statSync } from 'node:fs';
import { posix, win32 } from 'node:path';

/** What a name stands for: a file that can be started, one that cannot, or nothing. */
export type FoundProgram =
  | { readonly kind: 'found'; readonly path: string }
  | { readonly kind: 'not-executable'; readonly path: string }
  | { readonly kind: 'missing' };

/** Directories searched where `PATH` is unset, as glibc's `execvp` does. */
const defaultPath = '/bin:/usr/bin';

/**
 * Looks for `name` as `execvp` does: a name with a slash is a file, any other is searched for in the directories of
 * `path`, where an empty entry is the working directory and a file without permission to execute is passed over. On Windows
 * a name may lack its `.exe`.
 */
export function findProgram(
  name: string,
  path: string | undefined,
  platform: NodeJS.Platform = process.platform,
): FoundProgram {
  if (name === '') return { kind: 'missing' };
  const isWindows = platform === 'win32';
  const { join, delimiter } = isWindows ? win32 : posix;
  const isPath = name.includes('/') || (isWindows && name.includes('\\'));
  const places = isPath ? [name] : (path ?? defaultPath).split(delimiter).map((entry) => join(entry, name));
  const files = (isWindows ? places.flatMap((place) => [place, `${place}.exe`]) : places).filter(isFile);
  const found = files.find(isExecutable);
  if (found !== undefined) return { kind: 'found', path: found };
  const first = files[0];
  return first === undefined ? { kind: 'missing' } : { kind: 'not-executable', path: first };
}

/** Whether `path` is a regular file, perhaps behind symbolic links; false also where it may not be looked at. */
export function isFile(path: PathLike): boolean {
  try {
    return statSync(path, { throwIfNoEntry: false })?.isFile() === true;
  } catch {
    return false;
  }
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
