/** Where are we? */

/** The working directory; `/` where it has been removed. */
export function currentFolder(): string {
  try {
    return process.cwd();
  } catch {
    return '/';
  }
}
