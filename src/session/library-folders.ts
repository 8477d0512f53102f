/** Which folders do installers fill, so that what lies in them is no program's own? */

/** Those of pip, Debian, pip's old and new archives, PDM, npm and its forerunners. */
export const packageFolder: RegExp =
  /(?:^|[/\\])(?:(?:site|dist)-packages|__pypackages__|node_modules|bower_components|jspm_packages|[^/\\]+\.(?:egg|whl))[/\\]/;

/** `lib/python3.13`, also for builds without the GIL (`3.13t`), `lib64`, PyPy, and the archive `python313.zip`. */
export const standardLibrary: RegExp = /(?:^|[/\\])(?:lib(?:64)?[/\\](?:python|pypy)3\.\d+t?|python3\d+\.zip)[/\\]/;

/** Up to the name in the innermost of these folders; PDM and npm have folders in between. */
const library = new RegExp(
  `^.*(?:${packageFolder.source}|${standardLibrary.source})(?:3\\.\\d+/lib/|@[^/\\\\]+[/\\\\])?[^/\\\\]+`,
);

/**
 * The library that a file belongs to, as the path of what stands in the innermost of these folders: `…/site-packages/pip`,
 * `…/node_modules/@scope/name`, `…/lib/python3.13/queue.py`. Null for other files.
 */
export function libraryOf(file: string): string | null {
  return library.exec(file)?.[0] ?? null;
}
