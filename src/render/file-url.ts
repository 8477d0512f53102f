/** What is the URL of a source file, as V8 would name it? */

/**
 * `file://` and the path, escaped, for an absolute path of either kind; else the name as it is: `<string>`, `node:fs`,
 * relative paths, URLs.
 */
export function fileUrl(file: string): string {
  if (file.startsWith('/')) return `file://${escapePath(file)}`;
  if (/^[A-Za-z]:[\\/]/.test(file)) return `file:///${escapePath(file.replaceAll('\\', '/'))}`;
  if (file.startsWith('\\\\')) return `file:${escapePath(file.replaceAll('\\', '/'))}`;
  return file;
}

function escapePath(path: string): string {
  // `encodeURI` throws on half a surrogate pair, and leaves what begins a query or a fragment.
  return encodeURI(path.replaceAll(/\p{Surrogate}/gu, '\ufffd'))
    .replaceAll('?', '%3F')
    .replaceAll('#', '%23');
}
