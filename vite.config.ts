import { defineConfig } from 'vite';
import manifest from './package.json' with { type: 'json' };
import { pythonBootstrap } from './tools/python-bootstrap.ts';

// One bundle per entry point that Node starts: the command line, the library, the recorder of regions, and worker threads.
export default defineConfig({
  define: { __VERSION__: JSON.stringify(manifest.version) },
  plugins: [pythonBootstrap()],
  build: {
    ssr: true,
    target: 'node20',
    outDir: 'dist',
    minify: false,
    rolldownOptions: {
      // Those of whoever uses it.
      external: ['vitest', 'vitest/suite'],
      input: {
        timesink: 'src/cli/main.ts',
        index: 'src/index.ts',
        jest: 'src/node-api/testing/jest.ts',
        test: 'src/node-api/testing/node-test.ts',
        vitest: 'src/node-api/testing/vitest.ts',
        'vitest-setup': 'src/node-api/testing/vitest-setup.ts',
        express: 'src/node-api/middleware/express.ts',
        fastify: 'src/node-api/middleware/fastify.ts',
        hono: 'src/node-api/middleware/hono.ts',
        koa: 'src/node-api/middleware/koa.ts',
        nest: 'src/node-api/middleware/nest.ts',
        'recorder.worker': 'src/capture/python/recorder.worker.ts',
        'timesink-recorder': 'src/recorder/main.ts',
        'region.worker': 'src/capture/python/region.worker.ts',
      },
      output: { entryFileNames: '[name].js', chunkFileNames: '[name]-[hash].js' },
    },
  },
  ssr: { noExternal: true, target: 'node' },
});
