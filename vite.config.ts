import { defineConfig } from 'vite';
import manifest from './package.json' with { type: 'json' };

// One bundle per entry point that Node starts: the command line, the library, the recorder's worker thread.
export default defineConfig({
  define: { __VERSION__: JSON.stringify(manifest.version) },
  build: {
    ssr: true,
    target: 'node20',
    outDir: 'dist',
    minify: false,
    rolldownOptions: {
      input: {
        timesink: 'src/cli/main.ts',
        index: 'src/index.ts',
        'recorder.worker': 'src/capture/python/recorder.worker.ts',
      },
      output: { entryFileNames: '[name].js', chunkFileNames: '[name]-[hash].js' },
    },
  },
  ssr: { noExternal: true, target: 'node' },
});
