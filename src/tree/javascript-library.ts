/** Which JavaScript code belongs to libraries, and which to the runtime itself? By the names of files. */

/** Modules that runtimes bring along: of Node.js (without `node:` before version 16), Deno and Bun. */
const runtimeModule = /^(?:node:|ext:|deno:|bun:|builtin:|internal\/|\[eval\]-wrapper$)/;

/** Code that a browser or a bundler brings along, and WebAssembly, whose source nobody has. */
const broughtAlong =
  /^(?:wasm|chrome-extension|moz-extension|chrome|devtools|extensions|turbopack|webpack):|^webpack\/|^https?:\/\/[^/]+\/@(?:vite|react-refresh)/;

/** Packages that Deno keeps, or takes from where they are published. */
const denoPackage = /[/\\]deno[/\\]npm[/\\]|^https?:\/\/(?:deno\.land|jsr\.io|esm\.sh)\//;

/** Code without a file of its own, given to `eval` or to `vm`. */
const withoutFile = /^(?:<eval>$|evalmachine\.)/;

/** What leads from the outside to a module or a callback, and says nothing of the program. */
const machinery = new RegExp(
  `^(?:node:)?(?:${[
    'internal/(?:modules|main|bootstrap|async_local_storage|process)/',
    '(?:internal/(?:timers|async_hooks|async_context_frame|run_main|per_context/[a-z]+)|async_hooks|diagnostics_channel)$',
  ].join('|')})`,
);

/** Where a file belongs that only JavaScript programs have; undefined for paths, which say it by their folders. */
export function originOfJavaScript(file: string): 'stdlib' | 'package' | 'caller' | undefined {
  if (withoutFile.test(file)) return 'caller';
  if (runtimeModule.test(file)) return 'stdlib';
  return broughtAlong.test(file) || denoPackage.test(file) ? 'package' : undefined;
}

/** Whether a file of Node.js only loads modules, or hands on what the event loop has for the program. */
export function isLoaderFile(file: string): boolean {
  return machinery.test(file);
}

/** What comes after the innermost `node_modules/`: the package and the path in it; null outside of packages. */
export function pathInPackage(path: string): string | null {
  const at = path.lastIndexOf('node_modules/');
  if (at < 0 || (at > 0 && path[at - 1] !== '/')) return null;
  const rest = path.slice(at + 'node_modules/'.length);
  return rest === '' ? null : rest;
}

/** The package that a short path of JavaScript leads to: `express`, `@scope/name`, `node:internal`; null for other files. */
export function packageOfShortPath(shortPath: string): string | null {
  if (runtimeModule.test(shortPath)) return shortPath.split('/', 1)[0] ?? null;
  if (!/\.[cm]?[jt]sx?$/.test(shortPath)) return null;
  const parts = shortPath.split('/');
  if (parts.length < 2 || parts[0] === '..' || parts[0] === '') return null;
  return shortPath.startsWith('@') ? parts.slice(0, 2).join('/') : (parts[0] as string);
}
