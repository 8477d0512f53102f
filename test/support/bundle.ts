/** How does a test run a script of ours in a Node.js of its own, without a TypeScript loader that takes memory and time? */
import { join } from 'node:path';
import { build } from 'vite';

/**
 * Builds `entry` and all that it imports into one file of plain JavaScript.
 * @param folder where to put it
 * @returns the path of that file
 */
export async function bundle(entry: string, folder: string): Promise<string> {
  await build({
    configFile: false,
    logLevel: 'error',
    define: { __VERSION__: JSON.stringify('0.0.0') },
    build: {
      ssr: entry,
      target: 'node20',
      outDir: folder,
      emptyOutDir: false,
      minify: false,
      rolldownOptions: { output: { entryFileNames: 'script.mjs', chunkFileNames: '[name].mjs' } },
    },
    ssr: { noExternal: true, target: 'node' },
  });
  return join(folder, 'script.mjs');
}
