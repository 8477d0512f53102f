import { defineConfig } from 'vite';

// What recorded Node.js processes load before the program: one file, dist/node-preload.cjs, that old versions can read, too.
export default defineConfig({
  build: {
    ssr: 'src/capture/node/preload/preload.ts',
    target: 'es2019',
    outDir: 'dist',
    emptyOutDir: false,
    minify: false,
    rolldownOptions: { output: { format: 'cjs', entryFileNames: 'node-preload.cjs' } },
  },
  ssr: { noExternal: true, target: 'node' },
});
