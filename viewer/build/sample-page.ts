/** How does the development server show the page on a recording? */
import { existsSync, readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Plugin, ViteDevServer } from 'vite';

const folder = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

/**
 * Fills the page's frame on every load, so that changes of the sources show at once.
 * @param file a saved recording; without it the sample is shown
 */
export function samplePage(file: string | undefined): Plugin {
  let server: ViteDevServer;
  return {
    name: 'sample-page',
    apply: 'serve',
    configureServer(started) {
      server = started;
    },
    transformIndexHtml: {
      order: 'pre',
      async handler(frame) {
        const load = (path: string): Promise<Record<string, unknown>> => server.ssrLoadModule(resolve(folder, path));
        const { htmlRenderer } = (await load('src/render/html.ts')) as typeof import('../../src/render/html.ts');
        const { readSession } = (await load('src/session/file.ts')) as typeof import('../../src/session/file.ts');
        const sample = (await load('viewer/dev/sample-session.ts')) as typeof import('../dev/sample-session.ts');
        const session = file === undefined ? sample.sampleSession() : readSession(readFileSync(file), file);
        const readSource = (path: string): string | undefined =>
          sample.sampleSource(path) ?? (existsSync(path) ? readFileSync(path, 'utf8') : undefined);
        return String(htmlRenderer.render(session, {}, { readSource, pageTemplate: () => frame }));
      },
    },
  };
}
