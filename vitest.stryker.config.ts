/**
 * The tests that Stryker asks of each mutant of the domain: fast ones only, which need no sandbox.
 * Each thread runs one file alone, so that the tests of one mutant never meet another.
 */
import { defineConfig } from 'vitest/config';

const inRegressions = 'test/regressions';

/** Those that need the domain alone. */
const regressions = [
  'a-blind-look-forgets-a-slow-user.test.ts',
  'a-job-that-is-upgraded-loses-its-key.test.ts',
  'a-key-that-is-off-is-called-active.test.ts',
  'a-key-that-is-on-again-is-called-perhaps-off.test.ts',
  'a-monthly-job-is-cut*.test.ts',
  'a-privileged-user-passes-for-another.test.ts',
  'an-exempt-users-key-is-left-off-by-a-failed-run.test.ts',
  'an-exemption-minds-the-case.test.ts',
  'an-unread-new-key-hides-its-pickup.test.ts',
];

export default defineConfig({
  test: {
    include: ['test/domain/**/*.test.ts', ...regressions.map((each) => `${inRegressions}/${each}`)],
    pool: 'threads',
    globals: false,
    testTimeout: 60_000,
    // Fewer stories for each mutant than in npm test.
    env: { KEYTURN_STORIES: '200' },
  },
});
