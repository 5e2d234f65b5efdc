/** A key that readers get and of which the hub never heard; its rotation was abandoned. */
import { expect } from 'vitest';
import { givenWorld } from '../sandbox/given-world.ts';
import { currentKeyId } from '../sandbox/promises.ts';

export async function issuedUnheard() {
  const given = await givenWorld({
    apps: [{ changesOverAfterHours: 100_000 }],
    outsiderInterferes: true,
  });
  // From the moment that AWSCURRENT has moved, the custodian may read no secret.
  const denied: { mend(): void }[] = [];
  given.faults.during({ service: 'secretsmanager', operation: 'UpdateSecretVersionStage' }, () => {
    for (const operation of ['GetSecretValue', 'DescribeSecret']) {
      denied.push(given.faults.fail({ service: 'secretsmanager', operation }, 'denied'));
    }
  });
  await given.until('held', { days: 5 });
  const [newKey] = given.newKeys();
  expect(currentKeyId(given.world, given.user)).toBe(newKey?.keyId);
  for (const fault of denied) fault.mend();
  await given.pass({ minutes: 10 });
  await given.press('sam', 'Abandon');
  return { given, newKey: newKey?.keyId ?? '' };
}
