/** Which accounts are served: what is left out is out, and what cannot be told is not guessed. */
import { describe, expect, test } from 'vitest';
import { memberAccounts } from '../../adapters/member-accounts.ts';
import { Transient } from '../../domain/errors.ts';

const home = '111122223333';
const other = '444455556666';
const third = '123456789012';
const production = 'ou-ab12-11111111';
const legacy = 'ou-ab12-22222222';

/** `other` is in production below the root, `third` in legacy below production. */
const tree: Readonly<Record<string, readonly string[]>> = {
  [home]: ['r-ab12'],
  [other]: [production, 'r-ab12'],
  [third]: [legacy, production, 'r-ab12'],
};

function served(members: readonly string[], notMembers: readonly string[] = []) {
  const asked: string[] = [];
  const accounts = memberAccounts(
    { home, members, notMembers },
    {
      unitsOf: async (account) => {
        asked.push(account);
        const units = tree[account];
        if (units === undefined) throw new Transient('Organizations is not there');
        return units;
      },
    },
  );
  const all = async () => {
    const answers = await Promise.all(
      [home, other, third].map(async (each) => [each, await accounts.whyNotServed(each)] as const),
    );
    return answers.filter(([, why]) => why === null).map(([account]) => account);
  };
  return { accounts, asked, all };
}

describe('served is', () => {
  test('the hub’s own account, if nothing is said', async () => {
    const { accounts, all, asked } = served([]);
    expect(await all()).toEqual([home]);
    expect(await accounts.whyNotServed(other)).toBe(
      'account 444455556666 is none that this Keyturn serves',
    );
    expect(asked).toEqual([]);
  });

  test('who is named, and nobody asks Organizations', async () => {
    const { all, asked } = served([third]);
    expect(await all()).toEqual([home, third]);
    expect(asked).toEqual([]);
  });

  test('who is anywhere below a unit', async () => {
    expect(await served([production]).all()).toEqual([home, other, third]);
    expect(await served([legacy]).all()).toEqual([home, third]);
    expect(await served(['r-ab12']).all()).toEqual([home, other, third]);
  });

  test('not who is left out, by account or by unit', async () => {
    expect(await served([production], [legacy]).all()).toEqual([home, other]);
    expect(await served([production], [other]).all()).toEqual([home, third]);
    const { accounts } = served(['r-ab12'], [legacy]);
    expect(await accounts.whyNotServed(third)).toBe(
      `account 123456789012 is in ${legacy}, which is left out by configuration`,
    );
  });

  test('nobody of whom Organizations cannot tell', async () => {
    const { accounts } = served([production]);
    await expect(accounts.whyNotServed('999999999999')).rejects.toBeInstanceOf(Transient);
  });
});
