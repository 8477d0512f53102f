/** How do the page's script and style become part of its one file, and the only ones that a browser runs in it? */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { Plugin } from 'vite';
import { packApp } from './pack-app.ts';

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

/**
 * Puts script and style into the frame, and a policy that lets nothing else run, load or be sent. Both are packed: less
 * than half their size, in a file that is mailed.
 */
export function assemblePage(frame: string, script: string, style: string): string {
  const app = { style: style.trim(), script: script.trim() };
  const { letters, loader } = packApp(app);
  const policy = [
    "default-src 'none'",
    `script-src '${hash(loader)}' '${hash(app.script)}'`,
    `style-src '${hash(app.style)}'`,
    'img-src data: blob:',
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
  if (!frame.includes(scriptTag)) throw new Error(`${scriptTag} is not in the page's frame`);
  return frame
    .replace(/\n\s*/g, '\n')
    .replace('<head>', () => `<head>\n<meta http-equiv="Content-Security-Policy" content="${policy}" />`)
    .replace(
      scriptTag,
      () => `<script type="text/plain" id="timesink-app">${letters}</script>\n<script type="module">${loader}</script>`,
    );
}

function hash(text: string): string {
  return `sha256-${createHash('sha256').update(text).digest('base64')}`;
}
