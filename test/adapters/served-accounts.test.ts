/** The accounts served, as a list: the same as one by one, without those that are closed. */
import { describe, expect, test } from 'vitest';
import { memberAccounts } from '../../adapters/member-accounts.ts';
import { organizationTree } from '../../adapters/organization-tree.ts';
import { organizationUnits } from '../../adapters/organizations-accounts.ts';
import { servedAccounts } from '../../adapters/served-accounts.ts';
import { Permanent, Transient } from '../../domain/errors.ts';
import { instant } from '../../domain/instant.ts';
import { rootId } from '../../sandbox/account/organizations.ts';
import { awsError } from '../../sandbox/account/service.ts';
import { virtualClock } from '../../sandbox/clock.ts';
import { given, account as home, otherAccount as other } from '../sandbox/account/given.ts';
import { type Answers, cannedAws } from './canned-aws.ts';

const third = '123456789012';
const everyone = [home, other, third];
const production = 'ou-ab12-11111111';
const legacy = 'ou-ab12-22222222';

/** `other` is in production below the root, `third` in legacy below production, `home` on top. */
function organization() {
  const { cloud, clock, operator } = given();
  const { putUnit, putAccount } = cloud.organization;
  putUnit(production, rootId);
  putUnit(legacy, production);
  putAccount(home, rootId);
  putAccount(other, production);
  putAccount(third, legacy);
  const tree = organizationTree(operator, clock);
  const units = organizationUnits(operator, clock);
  return { cloud, tree, units };
}

describe('served are the same accounts that are served one by one', () => {
  test.each([
    ['nobody named', [], []],
    ['one account', [third], []],
    ['a unit', [production], []],
    ['an inner unit', [legacy], []],
    ['the root', [rootId], []],
    ['a unit without an inner one', [production], [legacy]],
    ['a unit without an account', [production], [other]],
    ['an account in a unit that is left out', [third], [legacy]],
    ['the root without the unit of all others', [rootId], [production]],
    ['the root without the hub', [rootId], [home]],
    ['a unit twice', [production, legacy, third], []],
  ])('%s', async (_, members, notMembers) => {
    const { tree, units } = organization();
    const membership = { home, members, notMembers };
    const { whyNotServed } = memberAccounts(membership, units);
    const one: string[] = [];
    for (const id of everyone) if ((await whyNotServed(id)) === null) one.push(id);
    expect(await servedAccounts(membership, tree).everyServed()).toEqual(one.toSorted());
  });
});

test('an account that is closed is none of them, named or not', async () => {
  const { cloud, tree } = organization();
  cloud.organization.suspend(third);
  const served = (members: readonly string[]) =>
    servedAccounts({ home, members, notMembers: [] }, tree).everyServed();
  expect(await served([production])).toEqual([home, other].toSorted());
  expect(await served([third, production])).toEqual([home, other].toSorted());
});

test('without units nobody asks Organizations', async () => {
  const { cloud, tree } = organization();
  cloud.organization.dissolve();
  const membership = { home, members: [other], notMembers: [third] };
  expect(await servedAccounts(membership, tree).everyServed()).toEqual([home, other].toSorted());
  const asking = servedAccounts({ ...membership, members: [production] }, tree);
  await expect(asking.everyServed()).rejects.toThrow(/AWSOrganizationsNotInUseException/);
});

test('more than a page of accounts and units is read to its end', async () => {
  const { cloud, tree } = organization();
  for (let index = 10; index < 55; index++) {
    cloud.organization.putUnit(`ou-ab12-aaaaaa${index}`, production);
    cloud.organization.putAccount(`2222333344${index}`, `ou-ab12-aaaaaa${index}`);
    cloud.organization.putAccount(`3333444455${index}`, production);
  }
  expect(await tree.accountsBelow(production)).toHaveLength(92);
  expect(await tree.active()).toHaveLength(93);
});

describe('what cannot be read is thrown, and no part left out', () => {
  const tree = (answers: Answers) => {
    const clock = virtualClock(instant('2026-11-02T03:00:00Z'));
    return organizationTree(cannedAws(answers).connection, clock);
  };
  const unit = ({ ChildType }: { ChildType: string }) =>
    ChildType === 'ACCOUNT' ? { Children: [] } : { Children: [{ Id: legacy, Type: ChildType }] };
  test.each<[string, Answers['ListChildren'], typeof Transient | typeof Permanent]>([
    ['a circle', unit, Permanent],
    ['pages without end', () => ({ Children: [], NextToken: 'x' }), Permanent],
    ['a child without an id', () => ({ Children: [{ Type: 'ACCOUNT' }] }), Permanent],
    [
      'an outage',
      () => {
        throw awsError('ServiceException', 'x', 500);
      },
      Transient,
    ],
    [
      'a unit that is gone',
      () => {
        throw awsError('ParentNotFoundException', 'x', 400);
      },
      Permanent,
    ],
  ])('%s', async (_, ListChildren, kind) => {
    const answers = ListChildren === undefined ? {} : { ListChildren };
    await expect(tree(answers).accountsBelow(production)).rejects.toThrow(kind);
  });
});
