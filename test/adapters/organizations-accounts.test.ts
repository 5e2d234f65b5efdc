/** Where accounts are: asked up to the root, kept an hour, never guessed. */
import { describe, expect, test } from 'vitest';
import { organizationUnits } from '../../adapters/organizations-accounts.ts';
import { Permanent, Transient } from '../../domain/errors.ts';
import { instant } from '../../domain/instant.ts';
import { rootId } from '../../sandbox/account/organizations.ts';
import { awsError } from '../../sandbox/account/service.ts';
import { virtualClock } from '../../sandbox/clock.ts';
import { account, given, otherAccount } from '../sandbox/account/given.ts';
import { type Answers, cannedAws, throttled } from './canned-aws.ts';

const [division, team] = ['ou-ab12-22222222', 'ou-ab12-11111111'];

function sandbox() {
  const { cloud, clock, operator } = given();
  return { cloud, clock, units: organizationUnits(operator, clock) };
}

function canned(listParents: Answers['ListParents']) {
  const aws = cannedAws({ ListParents: listParents ?? (() => ({})) });
  const clock = virtualClock(instant('2026-11-02T03:00:00Z'));
  return { units: organizationUnits(aws.connection, clock), calls: aws.calls };
}

const unit = (Id: string) => ({ Id, Type: 'ORGANIZATIONAL_UNIT' });
const root = { Id: rootId, Type: 'ROOT' };

describe('in an organisation', () => {
  test('an account that was put nowhere is right under the root', async () => {
    const { units } = sandbox();
    expect(await units.unitsOf(account)).toEqual([rootId]);
  });

  test('its own unit comes first, the root last', async () => {
    const { cloud, units } = sandbox();
    cloud.organization.putUnit(division, rootId);
    cloud.organization.putUnit(team, division);
    cloud.organization.putAccount(account, team);
    expect(await units.unitsOf(account)).toEqual([team, division, rootId]);
    expect(await units.unitsOf(otherAccount)).toEqual([rootId]);
  });

  test('an answer is kept for an hour and no longer', async () => {
    const { cloud, clock, units } = sandbox();
    await units.unitsOf(account);
    cloud.organization.putUnit(team, rootId);
    cloud.organization.putAccount(account, team);
    await clock.sleep(59 * 60_000);
    expect(await units.unitsOf(account)).toEqual([rootId]);
    await clock.sleep(60_000);
    expect(await units.unitsOf(account)).toEqual([team, rootId]);
  });

  test('every page is read, empty ones too', async () => {
    const { units, calls } = canned(({ ChildId, NextToken }) => {
      if (ChildId !== account) return { Parents: [root] };
      return NextToken === undefined ? { Parents: [], NextToken: '2' } : { Parents: [unit(team)] };
    });
    expect(await units.unitsOf(account)).toEqual([team, rootId]);
    expect(calls.map(({ input }) => input.NextToken)).toEqual([undefined, '2', undefined]);
  });
});

describe('what is not known is thrown', () => {
  test.each<[string, Answers['ListParents'], typeof Transient | typeof Permanent]>([
    ['no parent', () => ({ Parents: [] }), Permanent],
    ['two parents', () => ({ Parents: [unit(team), root] }), Permanent],
    ['a parent of another kind', () => ({ Parents: [{ Id: 'x', Type: 'MOON' }] }), Permanent],
    ['a circle', () => ({ Parents: [unit(team)] }), Permanent],
    ['pages without end', () => ({ Parents: [], NextToken: 'x' }), Permanent],
    [
      'a throttle',
      () => {
        throw throttled();
      },
      Transient,
    ],
    [
      'an outage',
      () => {
        throw awsError('ServiceException', 'x', 500);
      },
      Transient,
    ],
    [
      'no permission',
      () => {
        throw awsError('AccessDeniedException', 'x');
      },
      Permanent,
    ],
  ])('%s', async (_, answer, kind) => {
    await expect(canned(answer).units.unitsOf(account)).rejects.toThrow(kind);
  });

  test('no organisation at all', async () => {
    const { cloud, units } = sandbox();
    cloud.organization.dissolve();
    await expect(units.unitsOf(account)).rejects.toThrow(/AWSOrganizationsNotInUseException/);
  });

  test('what is no account id, before anybody is asked', async () => {
    const { units, calls } = canned(() => ({ Parents: [root] }));
    await expect(units.unitsOf('')).rejects.toThrow(Permanent);
    expect(calls).toEqual([]);
  });

  test('and not kept: the next call asks again', async () => {
    let down = true;
    const { units } = canned(() => {
      if (down) throw awsError('ServiceException', 'x', 500);
      return { Parents: [root] };
    });
    await expect(units.unitsOf(account)).rejects.toThrow(Transient);
    down = false;
    expect(await units.unitsOf(account)).toEqual([rootId]);
  });
});
