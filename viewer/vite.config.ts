import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';
import manifest from '../package.json' with { type: 'json' };
import { inlinePage } from './build/inline-page.ts';
import { samplePage } from './build/sample-page.ts';

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

// The page: one file, dist/page.html. `npm run viewer` shows it on $TIMESINK_SESSION or a sample, and reloads on changes.
export default defineConfig({
  root: here('.'),
  define: { __VERSION__: JSON.stringify(manifest.version) },
  plugins: [inlinePage(new URL('index.html', import.meta.url)), samplePage(process.env['TIMESINK_SESSION'])],
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  build: {
    target: 'es2022',
    outDir: here('../dist'),
    emptyOutDir: false,
    modulePreload: false,
    cssCodeSplit: false,
    rolldownOptions: {
      input: here('main.tsx'),
      output: { codeSplitting: false },
      // Of the formats the page needs what writes them, not what the command line knows of their options.
      treeshake: { manualPureFunctions: ['defineRenderer', 'defineDiffRenderer'], propertyReadSideEffects: false },
    },
  },
  server: { fs: { allow: [here('..')] } },
});
