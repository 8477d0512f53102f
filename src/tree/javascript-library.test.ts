import { expect, test } from 'vitest';
import { libraryName } from './hidden-frames.ts';
import { isLoaderFile, pathInPackage } from './javascript-library.ts';
import { originRule } from './library-rule.ts';
import { shortPaths } from './short-path.ts';

test.each([
  ['node:internal/timers', 'stdlib'],
  ['node:fs', 'stdlib'],
  ['internal/modules/cjs/loader.js', 'stdlib'],
  ['ext:core/01_core.js', 'stdlib'],
  ['/srv/app/node_modules/express/lib/router.js', 'package'],
  ['/srv/app/node_modules/.pnpm/koa@2.15.0/node_modules/koa/lib/application.js', 'package'],
  ['C:/app/node_modules/koa/index.js', 'package'],
  ['node_modules/react/index.js', 'package'],
  ['http://localhost/node_modules/.vite/deps/react.js', 'package'],
  ['http://localhost/@vite/client', 'package'],
  ['webpack://shop/webpack/bootstrap', 'package'],
  ['/home/me/.cache/deno/npm/registry.example/zod/3.0.0/index.js', 'package'],
  ['chrome-extension://abc/content.js', 'package'],
  ['<eval>', 'caller'],
  ['evalmachine.<anonymous>', 'caller'],
  ['wasm://wasm/3e21d0f2', 'package'],
  ['/srv/app/server.ts', 'application'],
  ['/srv/node_modules_of_mine/a.js', 'application'],
  ['http://localhost:5173/src/main.ts', 'application'],
  ['[eval]', 'application'],
])('%s: %s', (file, origin) => {
  expect(originRule(undefined)(file)).toBe(origin);
});

test.each([
  ['/srv/app/node_modules/express/lib/router.js', 'express/lib/router.js', 'express'],
  ['/srv/app/node_modules/@scope/name/dist/a.mjs', '@scope/name/dist/a.mjs', '@scope/name'],
  ['/srv/node_modules/.pnpm/a@1/node_modules/socket.io/dist/a.cjs', 'socket.io/dist/a.cjs', 'socket.io'],
  ['node:internal/fs/promises', 'node:internal/fs/promises', 'node:internal'],
  ['node:fs', 'node:fs', 'node:fs'],
  ['/srv/app/src/a.ts', 'src/a.ts', 'src'],
  ['/srv/app/server.ts', 'server.ts', 'server'],
  ['/srv/other/a.ts', '../other/a.ts', ''],
])('%s is shown as %s, of %s', (file, short, library) => {
  expect(shortPaths(['/srv/app'])(file)).toBe(short);
  expect(libraryName(short)).toBe(library);
});

test('what leads from outside to a module or a callback', () => {
  const files = ['node:internal/modules/cjs/loader', 'node:internal/timers', 'node:internal/process/task_queues'];
  expect(files.map(isLoaderFile)).toEqual([true, true, true]);
  expect(['node:fs', 'node:internal/fs/utils', '/internal/modules/a.js'].map(isLoaderFile)).toEqual([
    false,
    false,
    false,
  ]);
});

test('a folder that only ends like that of packages', () => {
  expect(pathInPackage('/srv/my_node_modules/a.js')).toBeNull();
  expect(pathInPackage('/srv/node_modules/')).toBeNull();
});
