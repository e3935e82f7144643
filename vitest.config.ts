import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: 'test/build.ts',
    testTimeout: 90_000,
    hookTimeout: 180_000,
    pool: 'forks',
  },
});
