import { expect, test } from 'vitest';
import { libraryOf } from './library-folders.ts';

test.each([
  ['/env/lib/python3.13/site-packages/pip/_internal/main.py', '/env/lib/python3.13/site-packages/pip'],
  ['/env/lib/python3.13/site-packages/single.py', '/env/lib/python3.13/site-packages/single.py'],
  ['/env/lib/python3.13/site-packages/tool/lib/a.py', '/env/lib/python3.13/site-packages/tool'],
  ['/usr/lib/python3/dist-packages/apt/cache.py', '/usr/lib/python3/dist-packages/apt'],
  ['/usr/lib/python3.13t/json/decoder.py', '/usr/lib/python3.13t/json'],
  ['/usr/lib/python313.zip/queue.py', '/usr/lib/python313.zip/queue.py'],
  ['/tmp/pip-24.0-py3-none-any.whl/pip/main.py', '/tmp/pip-24.0-py3-none-any.whl/pip'],
  ['/p/__pypackages__/3.12/lib/tool/a.py', '/p/__pypackages__/3.12/lib/tool'],
  ['/p/node_modules/a/node_modules/@scope/name/a.js', '/p/node_modules/a/node_modules/@scope/name'],
  ['C:\\p\\node_modules\\@scope\\name\\a.js', 'C:\\p\\node_modules\\@scope\\name'],
  ['node_modules/a/b.js', 'node_modules/a'],
  ['/srv/site-packages.py', null],
  ['/srv/app/main.py', null],
  ['<frozen runpy>', null],
])('%s belongs to %s', (file, library) => {
  expect(libraryOf(file)).toBe(library);
});
