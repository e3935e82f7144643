import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: 'test/build.ts',
    testTimeout: 90_000,
    hookTimeout: 180_000,
    pool: 'forks',
    // By default one fewer than there are cores: on two, one core waits while the other's test does.
    maxWorkers: 2,
    // A module is loaded once a worker, not once a test file.
    isolate: false,
  },
});
