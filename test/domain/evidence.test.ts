/** A use of a key, told to people. */
import { expect, test } from 'vitest';
import { describeUse } from '../../domain/evidence.ts';
import { instant } from '../../domain/instant.ts';
import { use } from '../builders.ts';

test('a use says what was asked, where, from where, with what, and when to the minute', () => {
  expect(describeUse(use(instant('2026-11-02T03:14:59.999Z')))).toBe(
    'S3 in eu-west-1 from 203.0.113.7 with aws-cli/2.15 at 2026-11-02 03:14 UTC',
  );
});
