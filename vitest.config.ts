import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['src/**/*.test.ts', 'scripted-model/**/*.test.ts', 'scripts/**/*.test.ts', 'web/src/**/*.test.ts', 'test/**/*.test.ts'],
    setupFiles: ['test/support/leaks.ts', 'test/support/properties.ts'],
    // Processes, not threads: tests change the environment and the folder, start programs and send signals.
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: 30_000,
    hookTimeout: 30_000,
    // A test that is said to be the only one would hide all others.
    allowOnly: false,
  },
});
