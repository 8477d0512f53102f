/** How do the page's script and style become part of its one file, and the only ones that a browser runs in it? */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import type { Plugin } from 'vite';

/** Stands in `viewer/index.html`, for the development server; the script takes its place. */
const scriptTag = '<script type="module" src="/main.tsx"></script>';

/**
 * Emits the page as one file, `page.html`, instead of a script and a style sheet.
 * @param indexFile the page's frame
 */
export function inlinePage(indexFile: URL): Plugin {
  return {
    name: 'inline-page',
    apply: 'build',
    enforce: 'post',
    generateBundle(_options, bundle) {
      let [script, style] = ['', ''];
      for (const [name, output] of Object.entries(bundle)) {
        if (output.type === 'chunk') script += output.code;
        else if (name.endsWith('.css')) style += String(output.source);
        else throw new Error(`the page cannot hold ${name}`);
        delete bundle[name];
      }
      const frame = readFileSync(indexFile, 'utf8');
      this.emitFile({ type: 'asset', fileName: 'page.html', source: assemblePage(frame, script, style) });
    },
  };
}

/** Stands between style and script in what is packed. */
const separator = '\0';

/**
 * Unpacks style and script and puts them into the page, where the policy knows their hashes. The script's element goes
 * again, so that it is not there twice in a page that a browser has saved. Errors are told where the page would be.
 */
const loader = `
const packed = document.getElementById('timesink-app').textContent;
try {
  const bytes = Uint8Array.from(atob(packed), (letter) => letter.charCodeAt(0));
  const text = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('gzip'));
  const [style, script] = ['style', 'script'].map((name) => document.createElement(name));
  [style.textContent, script.textContent] = (await new Response(text).text()).split('\\0');
  script.type = 'module';
  document.head.append(style, script);
  script.remove();
} catch (error) {
  document.getElementById('app').textContent = 'This browser cannot show the page: ' + error;
}`;

/**
 * Puts script and style into the frame, and a policy that lets nothing else run, load or be sent. Both are packed
 * (gzip, base64): half their size, in a file that is mailed.
 */
export function assemblePage(frame: string, script: string, style: string): string {
  const code = script.trim();
  const safeLoader = loader.trim();
  const trimmedStyle = style.trim();
  const policy = [
    "default-src 'none'",
    `script-src '${hash(safeLoader)}' '${hash(code)}'`,
    `style-src '${hash(trimmedStyle)}'`,
    'img-src data: blob:',
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
  if (!frame.includes(scriptTag)) throw new Error(`${scriptTag} is not in the page's frame`);
  const packed = gzipSync(`${trimmedStyle}${separator}${code}`, { level: 9 }).toString('base64');
  return frame
    .replace(/\n\s*/g, '\n')
    .replace('<head>', () => `<head>\n<meta http-equiv="Content-Security-Policy" content="${policy}" />`)
    .replace(
      scriptTag,
      () =>
        `<script type="text/plain" id="timesink-app">${packed}</script>\n<script type="module">${safeLoader}</script>`,
    );
}

function hash(text: string): string {
  return `sha256-${createHash('sha256').update(text).digest('base64')}`;
}
