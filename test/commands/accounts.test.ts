/** The list of accounts, so that filters can be read before they are deployed. */
import { expect, test } from 'vitest';
import { listAccounts } from '../../commands/accounts.ts';
import { instant } from '../../domain/instant.ts';
import { awsError } from '../../sandbox/account/service.ts';
import { virtualClock } from '../../sandbox/clock.ts';
import { type Answers, cannedAws } from '../adapters/canned-aws.ts';

const production = 'ou-ab12-11111111';

const pages: Readonly<Record<string, object>> = {
  first: {
    Accounts: [
      { Id: '111122223333', Name: 'hub', Status: 'ACTIVE' },
      { Id: '999999999999', Name: 'closed', Status: 'SUSPENDED' },
    ],
    NextToken: 'second',
  },
  second: { Accounts: [], NextToken: 'third' },
  third: {
    Accounts: [
      { Id: '444455556666', Name: 'shop', State: 'ACTIVE' },
      { Id: '777788889999', Name: 'closing', State: 'PENDING_CLOSURE', Status: 'ACTIVE' },
      { Id: '123456789012', Name: 'sandbox', State: 'ACTIVE' },
    ],
  },
};

function given(answers: Answers = {}) {
  const { connection } = cannedAws({
    ListAccounts: ({ NextToken = 'first' }) => pages[NextToken],
    ListParents: ({ ChildId }) => ({
      Parents: [
        ChildId === '444455556666'
          ? { Id: production, Type: 'ORGANIZATIONAL_UNIT' }
          : { Id: 'r-ab12', Type: 'ROOT' },
      ],
    }),
    ...answers,
  });
  const clock = virtualClock(instant('2026-11-02T08:00:00Z'));
  return (...args: readonly string[]) => listAccounts(args, connection, clock);
}

test('every active account of every page stands there, with what becomes of it', async () => {
  const list = given();
  expect(await list('--hub', '111122223333', '--members', production)).toEqual({
    status: 0,
    errors: [],
    out: [
      '111122223333  hub  served',
      '444455556666  shop  served',
      '123456789012  sandbox  account 123456789012 is none that this Keyturn serves',
    ],
  });
});

test('who is left out is said so', async () => {
  const list = given();
  const { out } = await list(
    '--hub',
    '111122223333',
    '--members',
    'r-ab12',
    '--not-members',
    production,
  );
  expect(out[1]).toMatch(
    new RegExp(`^444455556666  shop .* is in ${production}, which is left out by configuration$`),
  );
  expect(out[2]).toBe('123456789012  sandbox  served');
});

test('whoever may not ask is told so, and nothing is listed', async () => {
  const list = given({
    ListAccounts: () => {
      throw awsError('AccessDeniedException', 'You do not have permissions');
    },
  });
  expect(await list('--hub', '111122223333')).toMatchObject({
    status: 1,
    out: [],
    errors: [expect.stringContaining('listing the accounts of the organisation')],
  });
});

test.each([
  [[], ['--hub takes an account id']],
  [['--foo'], ["Unknown option '--foo'"]],
  [
    ['--hub', '123', '--members', 'ou-x', '--not-members', '111122223333,y'],
    ['--hub takes', '--members: ou-x is the id of no account', '--not-members: y is the id of no'],
  ],
])('%j is wrong usage, and every problem is named', async (args, problems) => {
  const { status, out, errors } = await given()(...args);
  expect([status, out]).toEqual([2, []]);
  for (const [index, problem] of problems.entries()) expect(errors[index]).toContain(problem);
});
