import { defineConfig } from 'vitest/config';
import manifest from './package.json' with { type: 'json' };

export default defineConfig({
  define: { __VERSION__: JSON.stringify(manifest.version) },
  test: {
    include: [
      'src/**/*.test.ts',
      'viewer/**/*.test.ts',
      'test/**/*.test.ts',
      'tools/**/*.test.ts',
      'bench/**/*.test.ts',
    ],
    testTimeout: 60_000,
    // Where nothing can be kept: tests that keep recordings say where.
    env: { XDG_DATA_HOME: '/dev/null' },
    // The end-to-end files record real programs: side by side on two cores they would only disturb each other.
    fileParallelism: false,
  },
});
