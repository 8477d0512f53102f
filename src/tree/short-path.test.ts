import { expect, test } from 'vitest';
import { shortPaths } from './short-path.ts';

const shortPath = shortPaths(['/srv/app', '/usr/lib/python3.13', '', 'relative', '/usr/lib/python3.13/site-packages']);

test.each([
  ['/srv/app/main.py', 'main.py'],
  ['/srv/app/store/db.py', 'store/db.py'],
  ['/usr/lib/python3.13/json/decoder.py', 'json/decoder.py'],
  ['/usr/lib/python3.13/site-packages/requests/api.py', 'requests/api.py'],
  ['/srv/other.py', '../other.py'],
  ['/srv/app/../app/./main.py', 'main.py'],
  ['/home/me/other/mod.py', '/home/me/other/mod.py'],
  ['relative/mod.py', 'relative/mod.py'],
  ['main.py', 'main.py'],
  ['C:\\Users\\me\\x.py', 'C:\\Users\\me\\x.py'],
  ['<built-in>', '<built-in>'],
  ['/srv/app', '.'],
  ['', ''],
])('%s is shown as %s', (path, short) => {
  expect(shortPath(path)).toBe(short);
});

test('without entries paths stay as they are', () => {
  expect(shortPaths([])('/srv/app/main.py')).toBe('/srv/app/main.py');
});
