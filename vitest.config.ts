/** How the tests run: many small files, so threads, and one for each of a small machine's cores. */
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    pool: 'threads',
    // Vitest would leave one core to whoever watches.
    maxWorkers: '100%',
    globals: false,
    // Tests share no state by contract (virtual time, own stores), and never wait.
    // So a thread loads every module once, and not once more for each file.
    isolate: false,
    testTimeout: 10_000,
    coverage: {
      provider: 'v8',
      include: ['domain/**/*.ts', 'app/**/*.ts'],
      reporter: ['text-summary', 'html'],
    },
  },
});
