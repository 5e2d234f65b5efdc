/** Events of accounts that are not served change nothing, and those of closed ones are kept. */
import { describe, expect, test } from 'vitest';
import { receive } from '../../app/receive.ts';
import { NotLetIn, Transient } from '../../domain/errors.ts';
import type { Inbound } from '../../domain/inbound.ts';
import { instant } from '../../domain/instant.ts';
import { configFinding, executionId, user } from '../builders.ts';
import { company } from './company.ts';

const where = { partition: 'aws', account: '444455556666', region: 'eu-west-1' } as const;
const sentAt = instant('2026-11-02T08:00:00Z');

const inbound: Readonly<Record<string, Inbound>> = {
  findings: {
    kind: 'findings',
    reports: [
      {
        partition: 'aws',
        account: where.account,
        user: { by: 'name', userName: 'svc-billing' },
        finding: configFinding,
        asked: false,
        sentAt,
      },
    ],
    ignored: [],
    rejected: [],
  },
  run: { kind: 'run', where, executionId },
  label: {
    kind: 'label',
    where,
    secretArn: 'arn:aws:secretsmanager:eu-west-1:444455556666:secret:keyturn/svc-billing-AbCdEf',
    versionId: '22222222-2222-5222-8222-222222222222',
    label: 'AWSCURRENT',
    sentAt,
  },
};

describe.each(Object.entries(inbound))('%s', (_, read) => {
  const event = { some: 'event' };
  const untouched = () => {
    throw new Error('nothing of that account is looked at');
  };
  const users = {
    byId: untouched,
    byName: untouched,
    everyone: untouched,
    keysOf: untouched,
  };
  const readEvent = () => read;
  const runbooks = { start: untouched, read: untouched, find: untouched };
  const secrets = { describe: untouched };

  test('of an account that is not served are ignored, with the reason', async () => {
    const why = 'account 444455556666 is none that this Keyturn serves';
    const accounts = { whyNotServed: async () => why };
    const given = company({ accounts, users, readEvent, runbooks, secrets });
    expect(await receive(given, event)).toEqual({
      outcome: 'ignored',
      reason: why,
      problems: [],
      rotations: [],
    });
    expect(given.letters).toEqual([]);
  });

  test('of an account of which nothing can be told come again', async () => {
    const accounts = {
      whyNotServed: async () => {
        throw new Transient('Organizations is not there');
      },
    };
    const given = company({ accounts, users, readEvent, runbooks, secrets });
    await expect(receive(given, event)).rejects.toBeInstanceOf(Transient);
  });
});

test('findings of an account that lets nobody in are kept, and the team is told', async () => {
  const closed = new NotLetIn(user.account, 'account 111122223333 does not let Keyturn in');
  const refuse = async () => {
    throw closed;
  };
  const given = company({
    users: { byId: refuse, byName: refuse, everyone: refuse, keysOf: refuse },
    readEvent: () => inbound.findings ?? { kind: 'other', reason: '' },
  });
  const event = { some: 'event' };
  expect(await receive(given, event)).toMatchObject({
    outcome: 'ignored',
    reason: 'account 111122223333 does not let Keyturn in',
  });
  expect(given.letters).toEqual([{ event, problems: [closed.message] }]);
  expect(given.unread).toEqual([{ account: where.account, problem: closed.message }]);
});
