/**
 * A key was given up by a person and later deleted by hand. When the user's other key was rotated,
 * the finding stayed NOTIFIED, "Another stale key remains": there was none.
 */
import { expect, test } from 'vitest';
import { expectReplaced, givenUser, userName } from '../sandbox/given-user.ts';

test('given up and deleted by hand, a key keeps no finding from being RESOLVED', async () => {
  const given = await givenUser({
    keys: [
      { ageDays: 300, program: {} },
      { ageDays: 500, usedDaysAgo: 200 },
    ],
    mode: 'approve',
  });
  const [used = '', spare = ''] = given.keyIds;
  await given.until('proposed', spare);
  await given.press('sam', 'Abandon', spare);
  await given.outsider('iam', 'DeleteAccessKey', { UserName: userName, AccessKeyId: spare });
  await given.press('ada', 'Approve', used);
  await expectReplaced(given);
  expect(given.workflow()).toBe('RESOLVED');
});
