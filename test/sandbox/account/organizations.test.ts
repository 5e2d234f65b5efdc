/** The sandbox's AWS Organizations: as strict as AWS about what it is asked. */
import { describe, expect, test } from 'vitest';
import { rootId } from '../../../sandbox/account/organizations.ts';
import { account, given, refusal, region } from './given.ts';

function asked() {
  const { cloud, operator } = given();
  const list = async (input: Readonly<Record<string, unknown>>) => {
    const credentials = await operator.credentials?.();
    if (credentials === undefined) throw new Error('the operator has credentials');
    const call = { service: 'organizations', operation: 'ListParents', region, credentials };
    return cloud.call({ ...call, input });
  };
  return { cloud, list };
}

describe('ListParents', () => {
  test('names the one parent and its kind', async () => {
    const { cloud, list } = asked();
    cloud.organization.putUnit('ou-ab12-11111111', rootId);
    cloud.organization.putAccount(account, 'ou-ab12-11111111');
    expect(await list({ ChildId: account })).toMatchObject({
      Parents: [{ Id: 'ou-ab12-11111111', Type: 'ORGANIZATIONAL_UNIT' }],
    });
    expect(await list({ ChildId: 'ou-ab12-11111111' })).toMatchObject({
      Parents: [{ Id: rootId, Type: 'ROOT' }],
    });
  });

  test.each([
    [{}, 'InvalidInputException 400'],
    [{ ChildId: 'r-ab12' }, 'InvalidInputException 400'],
    [{ ChildId: account, MaxResults: 21 }, 'InvalidInputException 400'],
    [{ ChildId: account, NextToken: 'x' }, 'InvalidInputException 400'],
    [{ ChildId: 'ou-ab12-99999999' }, 'ChildNotFoundException 400'],
    [{ ChildId: account, Filter: 'x' }, 'NotModelled 400'],
  ])('refuses %j', async (input, expected) => {
    expect(await refusal(asked().list(input))).toBe(expected);
  });
});

test('the tree takes only what fits into it', () => {
  const { organization } = asked().cloud;
  expect(() => organization.putUnit('ou-ab12-11111111', 'ou-ab12-22222222')).toThrow(/no unit/);
  expect(() => organization.putAccount('x', rootId)).toThrow(/cannot be put/);
});
