import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { pageTemplate } from '../../src/page-template.ts';
import { assemblePage } from './inline-page.ts';
import { unpackApp } from './pack-app.ts';

const frame = `<!doctype html>
<html>
  <head>
    <title>@@title@@</title>
  </head>
  <body>
    <script type="module" src="/main.tsx"></script>
  </body>
</html>
`;

const hash = (text: string): string => createHash('sha256').update(text).digest('base64');

const loaderOf = (page: string): string => /<script type="module">(.*?)<\/script>/s.exec(page)?.[1] ?? '';

test('script and style stand in the page, and the policy names just them', () => {
  const page = assemblePage(frame, 'run("$&");\n', 'p { color: red }\n');
  expect(unpackApp(page)).toEqual({ script: 'run("$&");', style: 'p { color: red }' });
  expect(page).toContain(`script-src 'sha256-${hash(loaderOf(page))}' 'sha256-${hash('run("$&");')}';`);
  expect(page).toContain(`style-src 'sha256-${hash('p { color: red }')}'`);
  expect(page.indexOf('Content-Security-Policy')).toBeLessThan(page.indexOf('<title>'));
});

test('nothing within the script ends it', () => {
  const page = assemblePage(frame, 'a = `</script><!--`', '');
  expect(unpackApp(page).script).toBe('a = `</script><!--`');
  expect(page.match(/<\/script/g)).toHaveLength(2);
  expect(page).not.toContain('<!--');
});

test.each(Array.from({ length: 30 }, (_, length) => [length]))(
  'a script of %i characters is carried whole',
  (length) => {
    const script = Array.from({ length }, (_, index) => String.fromCharCode(33 + ((index * 41) % 94))).join('');
    expect(unpackApp(assemblePage(frame, script, '')).script).toBe(script);
  },
);

test('a frame without a place for the script is an error', () => {
  expect(() => assemblePage('<head></head>', '', '')).toThrow('is not in the page');
});

test('what every page carries besides the recording is 120 kB at most', () => {
  expect(Buffer.byteLength(pageTemplate())).toBeLessThanOrEqual(120_000);
});
