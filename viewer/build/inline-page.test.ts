import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { assemblePage } from './inline-page.ts';

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

test('script and style stand in the page, and the policy names just them', () => {
  const page = assemblePage(frame, 'run("$&");\n', 'p { color: red }\n');
  expect(page).toContain('<style>p { color: red }</style>');
  expect(page).toContain('<script type="module">run("$&");</script>');
  expect(page).toContain(`script-src 'sha256-${hash('run("$&");')}'`);
  expect(page).toContain(`style-src 'sha256-${hash('p { color: red }')}'`);
  expect(page.indexOf('Content-Security-Policy')).toBeLessThan(page.indexOf('<title>'));
});

test('nothing within the script ends it', () => {
  const page = assemblePage(frame, 'a = `</script><!--`', '');
  expect(page.match(/<\/script/g)).toHaveLength(1);
  expect(page).not.toContain('<!--');
});

test('a frame without a place for the script is an error', () => {
  expect(() => assemblePage('<head></head>', '', '')).toThrow('is not in the page');
});
