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
    setupFiles: ['test/setup.ts'],
    testTimeout: 60_000,
    // What is recorded or drawn while the machine does something else may need a second look: the log tells of each.
    retry: process.env['CI'] === 'true' ? 2 : 0,
    // Where nothing can be kept: tests that keep recordings say where.
    env: { XDG_DATA_HOME: '/dev/null' },
    // The end-to-end files record real programs: side by side on two cores they would only disturb each other.
    fileParallelism: false,
  },
});
