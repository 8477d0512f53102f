/** Which file does the URL of a script stand for, and how is it written? */

/** What ends a URL that names a file: its query or fragment, as bundlers and loaders add them. */
const suffix = /[?#].*$/s;

/** `webpack://name/./src/a.ts`, `webpack-internal:///./src/a.ts`, `turbopack://[project]/src/a.ts`, `vite:/src/a.ts`. */
const bundlerUrl = /^(?:webpack(?:-internal)?|turbopack|rspack|rollup|vite|parcel|metro|ng):\/{0,3}/;

/**
 * The file as reports name it: the path of a `file:` URL, the path within the project of a bundler's; other URLs, and names
 * such as `node:fs` or `evalmachine.<anonymous>`, as they are.
 */
export function fileOfUrl(url: string): string {
  if (url.startsWith('file://')) return pathOfFileUrl(url.slice('file://'.length).replace(suffix, ''));
  if (bundlerUrl.test(url)) return pathOfBundlerUrl(url);
  return /^https?:/.test(url) ? url.replace(suffix, '') : url;
}

function pathOfFileUrl(text: string): string {
  // `file://host/share` is a share of another machine; `file:///C:/x` a path of Windows.
  const path = text.startsWith('/') ? text : text === '' ? '' : `//${text}`;
  const decoded = decodedPath(path);
  return /^\/[A-Za-z]:\//.test(decoded) ? decoded.slice(1) : decoded;
}

function pathOfBundlerUrl(url: string): string {
  const scheme = bundlerUrl.exec(url)?.[0] ?? '';
  const rest = decodedPath(url.slice(scheme.length).replace(suffix, ''));
  const start = rest.search(/(?:^|\/)\.{1,2}\//);
  if (start >= 0) return rest.slice(start).replace(/^\/?(?:\.\/)*/, '');
  const modules = rest.indexOf('node_modules/');
  if (modules >= 0) return rest.slice(modules);
  return scheme.endsWith('//') && !scheme.endsWith('///') && rest.includes('/') ? afterFirst(rest) : rest;
}

/** The first part is the name of the bundle. */
function afterFirst(path: string): string {
  const rest = path.slice(path.indexOf('/') + 1);
  return rest === '' || rest.startsWith('webpack/') ? `webpack://${path}` : rest;
}

/** Percent signs that stand for nothing stay. */
function decodedPath(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}
