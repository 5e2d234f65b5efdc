/**
 * A user was renamed between two rotations: the second made a secret of the new name, and the key
 * that readers of the old one get was deleted behind them.
 */
import { expect, test } from 'vitest';
import { advance } from '../../app/advance.ts';
import type { VaultKind } from '../../domain/custody.ts';
import { reportStaleUser } from '../../sandbox/reports.ts';
import { account, givenWorld } from '../sandbox/given-world.ts';

const newName = 'svc-invoicing';
const olivia = { kind: 'person', id: 'U0OLIVIA', name: 'Olivia Owens' } as const;

async function renamedBetweenRotations(vault: VaultKind) {
  const given = await givenWorld({ apps: [], policy: { vault }, outsiderInterferes: true });
  await given.until('overlapping');
  await given.press('olivia', 'Not in use');
  await given.until('done');
  const [first] = given.newKeys();
  given.world.cloud.renameUser(account, given.user.userName, newName);
  await given.pass({ days: 95 });
  reportStaleUser(given.world, { ...given.user, userName: newName }, ['security hub']);
  await given.pass({ hours: 2 });
  const [, second = ''] = await given.world.store.ofUser(account, given.user.userId);
  await advance(given.world.hub.tick, second, { type: 'attested', by: olivia });
  await given.pass({ days: 6 });
  return { given, first: first?.keyId ?? '', rotation: await given.world.store.load(second) };
}

test.each(['secrets-manager', 'parameter-store'] as const)(
  'with %s: no key is made, and people read which place is left',
  async (vault) => {
    const { given, first, rotation } = await renamedBetweenRotations(vault);
    expect(given.statusOf(first)).toBe('Active');
    expect(rotation?.stage).toMatchObject({ name: 'held', reason: { code: 'issue failed' } });
    const said = JSON.stringify(rotation?.stage);
    expect(said).toContain(`user ${newName} had another name`);
    expect(said).toMatch(/(secret:keyturn|parameter\/keyturn\/users)\/svc-billing/);
    expect(given.incidents().length).toBeGreaterThan(0);
  },
);
