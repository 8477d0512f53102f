import { pathToFileURL } from 'node:url';
import { expect, test } from 'vitest';
import { fileUrl } from './file-url.ts';

test.each(['/srv/app.py', '/srv/100 % sure?/#1/ä;b=c.py', '/a:b/@x/[y].ts'])(
  '%s is the URL that Node.js makes',
  (path) => {
    expect(decodeURIComponent(fileUrl(path))).toBe(`file://${path}`);
    expect(new URL(fileUrl(path)).pathname.replaceAll('[', '%5B').replaceAll(']', '%5D')).toBe(
      pathToFileURL(path).pathname.replaceAll('[', '%5B').replaceAll(']', '%5D'),
    );
  },
);

test.each([
  ['C:\\Users\\me\\app.py', 'file:///C:/Users/me/app.py'],
  ['\\\\server\\share\\app.py', 'file://server/share/app.py'],
  ['<frozen importlib._bootstrap>', '<frozen importlib._bootstrap>'],
  ['node:internal/modules/cjs/loader', 'node:internal/modules/cjs/loader'],
  ['file:///srv/app.js', 'file:///srv/app.js'],
  ['app.py', 'app.py'],
  ['', ''],
  ['/srv/\ud800.py', 'file:///srv/%EF%BF%BD.py'],
])('%s', (file, url) => {
  expect(fileUrl(file)).toBe(url);
});
