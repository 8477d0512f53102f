import { defineConfig } from 'vitest/config';
import manifest from './package.json' with { type: 'json' };

export default defineConfig({
  define: { __VERSION__: JSON.stringify(manifest.version) },
  test: {
    include: ['src/**/*.test.ts', 'viewer/**/*.test.ts', 'test/**/*.test.ts', 'tools/**/*.test.ts', 'bench/**/*.test.ts'],
    testTimeout: 60_000,
    // A machine that is elsewhere for half a second can starve a recording of a second: CI looks again before it says so.
    retry: process.env['CI'] ? 2 : 0,
    // The end-to-end files record real programs: side by side on two cores they would only disturb each other.
    fileParallelism: false,
  },
});
