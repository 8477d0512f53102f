import { expect, test } from 'vitest';
import { fileOfUrl } from './javascript-urls.ts';

test.each([
  ['file:///srv/app/a.js', '/srv/app/a.js'],
  ['file:///srv/a%20b/%C3%A4.ts?v=1#x', '/srv/a b/ä.ts'],
  ['file:///srv/100%.js', '/srv/100%.js'],
  ['file:///C:/app/a.js', 'C:/app/a.js'],
  ['/srv/app/a.js', '/srv/app/a.js'],
  ['node:internal/timers', 'node:internal/timers'],
  ['evalmachine.<anonymous>', 'evalmachine.<anonymous>'],
  ['wasm://wasm/3e21d0f2', 'wasm://wasm/3e21d0f2'],
  ['http://localhost:5173/src/main.ts?t=17#a', 'http://localhost:5173/src/main.ts'],
  ['webpack://shop/./src/cart.ts?a1b2', 'src/cart.ts'],
  ['webpack://shop/../lib/cart.ts', '../lib/cart.ts'],
  ['webpack://shop/src/cart.ts', 'src/cart.ts'],
  ['webpack:///./src/cart.ts', 'src/cart.ts'],
  ['webpack-internal:///./src/cart.ts', 'src/cart.ts'],
  ['webpack://shop/./node_modules/react/index.js', 'node_modules/react/index.js'],
  ['webpack://shop/webpack/bootstrap', 'webpack://shop/webpack/bootstrap'],
  ['', ''],
])('%s is %s', (url, file) => {
  expect(fileOfUrl(url)).toBe(file);
});
