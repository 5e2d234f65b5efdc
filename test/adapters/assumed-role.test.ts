/** Sessions in other accounts: few, fresh, and one account's trouble is its own. */
import { GetUserCommand, IAMClient } from '@aws-sdk/client-iam';
import { describe, expect, test } from 'vitest';
import { assumedRole } from '../../adapters/assumed-role.ts';
import { connect } from '../../adapters/aws-connection.ts';
import { NotLetIn, Permanent, Transient } from '../../domain/errors.ts';
import { instant, plus, toMillis } from '../../domain/instant.ts';
import type { Place } from '../../domain/ports.ts';
import { awsError } from '../../sandbox/account/service.ts';
import { virtualClock } from '../../sandbox/clock.ts';
import { type Answers, cannedAws } from './canned-aws.ts';

const start = instant('2026-11-02T08:00:00Z');
const home: Place = { partition: 'aws', account: '111122223333', region: 'eu-west-1' };
const there: Place = { ...home, account: '444455556666' };

function givenDoor(answers: Answers = {}) {
  const clock = virtualClock(start);
  const told: string[] = [];
  let sessions = 0;
  const assume = () => {
    sessions += 1;
    return {
      Credentials: {
        AccessKeyId: `ASIAEXAMPLE${String(sessions).padStart(5, '0')}`,
        SecretAccessKey: 'secret'.repeat(7),
        SessionToken: 'token',
        Expiration: new Date(toMillis(plus(clock.now(), { seconds: 900 }))),
      },
    };
  };
  const aws = cannedAws({ AssumeRole: assume, ...answers });
  const door = assumedRole({
    home,
    connection: aws.connection,
    clock,
    roleName: 'keyturn-dev-reader',
    externalId: 'keyturn-dev',
    doorkeeper: {
      opened: (account, role) => told.push(`${account} ${role} opened`),
      refused: (account, role, problem) => told.push(`${account} ${role}: ${problem}`),
    },
  });
  const enter = (place: Place) => door(place).credentials?.() ?? Promise.reject(new Error('none'));
  return { aws, clock, told, door, enter };
}

const refusal = () => {
  throw awsError('AccessDenied', 'User: x is not authorized to perform: sts:AssumeRole', 403);
};

describe('a session', () => {
  test('is asked for with role, external id and a short end', async () => {
    const { aws, enter, told } = givenDoor();
    expect(await enter(there)).toEqual({
      accessKeyId: 'ASIAEXAMPLE00001',
      secretAccessKey: 'secret'.repeat(7),
      sessionToken: 'token',
      expiration: new Date('2026-11-02T08:15:00Z'),
    });
    expect(aws.calls.map(({ input }) => input)).toEqual([
      {
        RoleArn: 'arn:aws:iam::444455556666:role/keyturn-dev-reader',
        RoleSessionName: 'keyturn',
        ExternalId: 'keyturn-dev',
        DurationSeconds: 900,
      },
    ]);
    expect(told).toEqual(['444455556666 keyturn-dev-reader opened']);
  });

  test('is shared by all calls and Regions of an account, at the same time or later', async () => {
    const { aws, enter } = givenDoor();
    await Promise.all([enter(there), enter(there), enter({ ...there, region: 'us-east-1' })]);
    await enter(there);
    expect(aws.calls).toHaveLength(1);
    await enter(home);
    expect(aws.calls).toHaveLength(2);
  });

  test('is replaced shortly before its end, not sooner', async () => {
    const { aws, clock, enter } = givenDoor();
    await enter(there);
    await clock.runUntil(plus(start, { minutes: 11 }));
    expect((await enter(there)).accessKeyId).toBe('ASIAEXAMPLE00001');
    await clock.runUntil(plus(start, { minutes: 12 }));
    expect((await enter(there)).accessKeyId).toBe('ASIAEXAMPLE00002');
    expect(aws.calls).toHaveLength(2);
  });

  test('keeps its connection, so that clients are made once for each Region', () => {
    const { door } = givenDoor();
    expect(door(there)).toBe(door({ ...there }));
    expect(door({ ...there, region: 'us-east-1' })).toMatchObject({ region: 'us-east-1' });
    expect(door(there)).not.toBe(door(home));
  });
});

describe('an account that lets nobody in', () => {
  test('says which account and role, and what to do; the next call asks again', async () => {
    let isMended = false;
    const { enter, told, aws } = givenDoor({
      AssumeRole: () => (isMended ? { Credentials: credentials } : refusal()),
    });
    const failure = await enter(there).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(NotLetIn);
    expect(failure).toBeInstanceOf(Transient);
    expect(failure).toMatchObject({
      account: '444455556666',
      message: expect.stringMatching(
        /^account 444455556666 does not .* role keyturn-dev-reader is missing, .*deploy/,
      ),
    });
    isMended = true;
    await enter(there);
    expect(aws.calls).toHaveLength(2);
    expect(told).toEqual([
      expect.stringContaining('does not let Keyturn in'),
      '444455556666 keyturn-dev-reader opened',
    ]);
  });

  test('keeps nobody from another one', async () => {
    const { enter, told } = givenDoor({
      AssumeRole: ({ RoleArn }) =>
        String(RoleArn).includes(there.account) ? refusal() : { Credentials: credentials },
    });
    const [broken, other] = await Promise.allSettled([enter(there), enter(home)]);
    expect([broken.status, other.status]).toEqual(['rejected', 'fulfilled']);
    expect(told).toHaveLength(2);
  });

  test('is so for whoever calls through an adapter’s client', async () => {
    const { door } = givenDoor({ AssumeRole: refusal });
    const { credentials: provider } = door(there);
    const iam = connect(IAMClient, {
      region: 'eu-west-1',
      ...(provider && { credentials: provider }),
    });
    const call = iam.send(new GetUserCommand({ UserName: 'svc-billing' }));
    await expect(call).rejects.toBeInstanceOf(NotLetIn);
  });
});

const credentials = {
  AccessKeyId: 'ASIAIOSFODNN7EXAMPLE',
  SecretAccessKey: 'secret'.repeat(7),
  SessionToken: 'token',
  Expiration: new Date('2026-11-02T08:15:00Z'),
};

describe('what else may go wrong', () => {
  test('a throttle passes, and is no trouble of the account', async () => {
    const { enter, told } = givenDoor({
      AssumeRole: () => {
        throw awsError('ThrottlingException', 'Rate exceeded');
      },
    });
    const failure = await enter(there).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(Transient);
    expect(failure).not.toBeInstanceOf(NotLetIn);
    expect(told).toEqual([]);
  });

  test('another partition is refused before any call', async () => {
    const { enter, aws } = givenDoor();
    const china = { ...there, partition: 'aws-cn', region: 'cn-north-1' } as const;
    await expect(enter(china)).rejects.toBeInstanceOf(Permanent);
    expect(aws.calls).toEqual([]);
  });

  test('an answer without an end is refused: the SDK would keep it for ever', async () => {
    const { Expiration: _, ...endless } = credentials;
    const { enter } = givenDoor({ AssumeRole: () => ({ Credentials: endless }) });
    await expect(enter(there)).rejects.toBeInstanceOf(Permanent);
  });
});
