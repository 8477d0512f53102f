import { createHash } from 'node:crypto';
import { gunzipSync } from 'node:zlib';
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

/** What the page unpacks, and the script that does it. */
function scriptsOf(page: string): { readonly style: string; readonly script: string; readonly loader: string } {
  const [, packed = ''] = /<script type="text\/plain" id="timesink-app">([\w+/=]*)<\/script>/.exec(page) ?? [];
  const [, loader = ''] = /<script type="module">(.*?)<\/script>/s.exec(page) ?? [];
  const [style = '', script = ''] = gunzipSync(Buffer.from(packed, 'base64')).toString().split('\0');
  return { style, script, loader };
}

test('script and style stand in the page, and the policy names just them', () => {
  const page = assemblePage(frame, 'run("$&");\n', 'p { color: red }\n');
  const { style, script, loader } = scriptsOf(page);
  expect(script).toBe('run("$&");');
  expect(style).toBe('p { color: red }');
  expect(page).toContain(`script-src 'sha256-${hash(loader)}' 'sha256-${hash(script)}';`);
  expect(page).toContain(`style-src 'sha256-${hash('p { color: red }')}'`);
  expect(page.indexOf('Content-Security-Policy')).toBeLessThan(page.indexOf('<title>'));
});

test('nothing within the script ends it', () => {
  const page = assemblePage(frame, 'a = `</script><!--`', '');
  expect(scriptsOf(page).script).toBe('a = `</script><!--`');
  expect(page.match(/<\/script/g)).toHaveLength(2);
  expect(page).not.toContain('<!--');
});

test('a frame without a place for the script is an error', () => {
  expect(() => assemblePage('<head></head>', '', '')).toThrow('is not in the page');
});
