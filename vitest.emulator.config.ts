/** How the emulator suite runs: one file after the other, each with a moto of its own. */
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/emulator/**/*.emulator.ts'],
    globalSetup: ['test/emulator/packaged.ts'],
    pool: 'threads',
    globals: false,
    fileParallelism: false,
    testTimeout: 240_000,
    hookTimeout: 240_000,
  },
});
