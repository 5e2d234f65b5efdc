/** From a report to claims: whose keys, which of them, once, and what happens afterwards. */
import { describe, expect, it } from 'vitest';
import { iamUsers } from '../../adapters/iam-users.ts';
import { memoryStore } from '../../adapters/memory-store.ts';
import { advance } from '../../app/advance.ts';
import { type Answer, open } from '../../app/open.ts';
import { Conflict, Transient } from '../../domain/errors.ts';
import type { Finding, Report, UserReference } from '../../domain/finding.ts';
import { plus } from '../../domain/instant.ts';
import { chainProblems } from '../../domain/journal.ts';
import type { Policy } from '../../domain/policy.ts';
import type { RotationStore } from '../../domain/ports.ts';
import type { Resolved } from '../../domain/resolve-policy.ts';
import { cannedAws } from '../adapters/canned-aws.ts';
import { admin, configFinding, done, hubFinding, policyWith } from '../builders.ts';
import { ciRunner, company, employee, now, staff, usersOf } from './company.ts';

/** A policy that differs from the default in these fields. */
const resolved =
  (changes: Partial<Policy>, exemption: Resolved['exemption'] = null) =>
  async (): Promise<Resolved> => ({ policy: policyWith(changes), exemption, notes: [] });

const { user } = ciRunner;
const keyId = 'AKIAIOSFODNN7EXAMPLE';

const reportOf = (changes: Partial<Report> = {}): Report => ({
  partition: 'aws',
  account: user.account,
  user: { by: 'id', userId: user.userId },
  finding: configFinding,
  asked: false,
  sentAt: plus(now, { minutes: -1 }),
  ...changes,
});

/** The same user under a number of standards. */
const standardFinding = (at: number): Finding =>
  hubFinding.source !== 'security hub'
    ? hubFinding
    : { ...hubFinding, id: `${hubFinding.id}-${at}` };

const named = (reference: UserReference) => reportOf({ user: reference });

const outcomes = (answers: readonly Answer[]) =>
  answers.map((answer) =>
    answer.outcome === 'ignored'
      ? `ignored: ${answer.reason}`
      : `${answer.outcome} ${answer.rotation.key.keyId} generation ${answer.rotation.generation}`,
  );

describe('opening a claim', () => {
  it('given a stale key, then the rotation, its claim and a whole journal are there', async () => {
    const deps = company();
    const answers = await open(deps, reportOf());
    expect(outcomes(answers)).toEqual([`claimed ${keyId} generation 1`]);
    const id = deps.ids.uuid(`aws/111122223333/${keyId}/1`);
    expect(await deps.store.claimOn('aws', '111122223333', keyId)).toMatchObject({
      rotationId: id,
    });
    const journal = await deps.store.journal(id);
    expect(chainProblems(journal, deps.ids.digest)).toEqual([]);
    expect(journal).toMatchObject([
      {
        version: 1,
        event: { type: 'opened' },
        actor: { kind: 'keyturn' },
        from: null,
        to: 'proposed',
        effects: [
          { id: `${id}/1/0` },
          { id: `${id}/1/1` },
          { id: `${id}/1/2` },
          { id: `${id}/1/3` },
        ],
      },
    ]);
    expect(journal[0]?.state).toEqual(await deps.store.load(id));
  });

  it.each([
    [89.9, 'ignored: user 111122223333/x has no Active key of 90 days or more'],
    [90, 'claimed AKIAX generation 1'],
  ])('given a key of %d days, then %s', async (days, outcome) => {
    const person = employee('x', user.userId, { AKIAX: days });
    const deps = company({ people: [person] });
    expect(outcomes(await open(deps, reportOf()))).toEqual([outcome]);
  });

  it('given two stale keys, then each is claimed, the oldest first', async () => {
    const person = employee('x', user.userId, { AKIAYOUNGER: 100, AKIAOLDER: 200 });
    const deps = company({ people: [person] });
    expect(outcomes(await open(deps, reportOf()))).toEqual([
      'claimed AKIAOLDER generation 1',
      'claimed AKIAYOUNGER generation 1',
    ]);
  });

  it('given a stale key that is Inactive, then it is left alone', async () => {
    const person = employee('x', user.userId, { AKIAOFF: 300, AKIAON: 200 });
    const keys = person.keys.map((key) =>
      key.keyId === 'AKIAOFF' ? { ...key, status: 'Inactive' as const } : key,
    );
    const deps = company({ people: [{ ...person, keys }] });
    expect(outcomes(await open(deps, reportOf()))).toEqual(['claimed AKIAON generation 1']);
  });

  it('given one name in two accounts, then only the account named is touched', async () => {
    const other = { account: '444455556666' };
    const twin = employee('ci-runner', 'AIDATWIN00000EXAMPLE', { AKIATWIN: 500 }, other);
    const deps = company({ people: [twin, ciRunner] });
    await open(deps, named({ by: 'name', userName: 'ci-runner' }));
    expect(await deps.store.claimOn('aws', '444455556666', 'AKIATWIN')).toBeUndefined();
    expect(await deps.store.claimOn('aws', '111122223333', keyId)).toBeDefined();
  });

  it('given an exemption, then nothing is claimed in any mode, and it says why', async () => {
    const until = plus(now, { days: 30 });
    const exemption = { reason: 'sealed envelope', until, by: 'Noor Admin' };
    for (const mode of ['observe', 'auto'] as const) {
      const deps = company({ policyFor: resolved({ mode }, exemption) });
      expect(await open(deps, reportOf())).toEqual([
        {
          outcome: 'ignored',
          because: 'exempt',
          reason:
            'User 111122223333/ci-runner is exempt until 2026-12-16 07:00 UTC (by Noor Admin): ' +
            'sealed envelope',
        },
      ]);
      expect(deps.observed).toEqual([]);
      expect(await deps.store.claimOn('aws', user.account, keyId)).toBeUndefined();
    }
  });

  it('given a policy that cannot be resolved, then it throws and claims nothing', async () => {
    const policyFor = async () => {
      throw new Transient('the organisation cannot be asked');
    };
    const deps = company({ policyFor });
    await expect(open(deps, reportOf())).rejects.toThrow(Transient);
    expect(await deps.store.claimOn('aws', user.account, keyId)).toBeUndefined();
  });

  it('given mode observe, then people are told once and nothing is claimed', async () => {
    const person = employee('x', user.userId, { AKIAYOUNGER: 100, AKIAOLDER: 200 });
    const deps = company({
      people: [person],
      policyFor: resolved({ mode: 'observe' }),
    });
    const answers = await open(deps, reportOf());
    expect(answers.map(({ outcome }) => outcome)).toEqual(['ignored', 'ignored']);
    expect(deps.observed.map(({ keys }) => keys.map((key) => key.keyId))).toEqual([
      ['AKIAOLDER', 'AKIAYOUNGER'],
    ]);
    expect(await deps.store.claimOn('aws', user.account, 'AKIAOLDER')).toBeUndefined();
  });
});

describe('whom a report speaks of', () => {
  it.each<[string, UserReference, string]>([
    ['an id', { by: 'id', userId: user.userId }, `claimed ${keyId} generation 1`],
    ['a name', { by: 'name', userName: 'ci-runner' }, `claimed ${keyId} generation 1`],
    [
      'both',
      { by: 'both', userId: user.userId, userName: 'ci-runner' },
      `claimed ${keyId} generation 1`,
    ],
    [
      'the id of a user since renamed',
      { by: 'both', userId: user.userId, userName: 'ci-runner-old' },
      `claimed ${keyId} generation 1`,
    ],
    [
      'a name that was deleted and made again',
      { by: 'both', userId: 'AIDAFORMER000EXAMPLE', userName: 'ci-runner' },
      'ignored: user ci-runner of account 111122223333 is AIDAIOSFODNN7EXAMPLE now, not ' +
        'AIDAFORMER000EXAMPLE: deleted and made again',
    ],
    [
      'an id that is gone',
      { by: 'id', userId: 'AIDAFORMER000EXAMPLE' },
      'ignored: account 111122223333 has no user AIDAFORMER000EXAMPLE: deleted since',
    ],
    [
      'a name that is gone',
      { by: 'name', userName: 'former' },
      'ignored: account 111122223333 has no user former: deleted since',
    ],
    [
      'both gone',
      { by: 'both', userId: 'AIDAFORMER000EXAMPLE', userName: 'former' },
      'ignored: account 111122223333 has no user former (AIDAFORMER000EXAMPLE): deleted since',
    ],
  ])('given %s', async (_, reference, outcome) => {
    expect(outcomes(await open(company(), named(reference)))).toEqual([outcome]);
  });

  it('given a user on a later page of IAM, then it is found by its unique id', async () => {
    const iam = cannedAws({
      ListUsers: ({ Marker }) =>
        Marker === undefined
          ? {
              Users: [{ UserId: 'AIDAFIRST0000EXAMPLE', UserName: 'a' }],
              IsTruncated: true,
              Marker: 'p2',
            }
          : { Users: [{ UserId: user.userId, UserName: 'z' }], IsTruncated: false },
      GetUser: ({ UserName }) => ({
        User: {
          UserName,
          UserId: user.userId,
          Path: '/',
          Arn: `arn:aws:iam::111122223333:user/${UserName}`,
        },
      }),
      ListAccessKeys: () => ({
        AccessKeyMetadata: [
          {
            AccessKeyId: keyId,
            UserName: 'z',
            Status: 'Active',
            CreateDate: new Date(plus(now, { days: -365 })),
          },
        ],
        IsTruncated: false,
      }),
    });
    const deps = company({ users: iamUsers(() => iam.connection, 'us-east-1') });
    expect(outcomes(await open(deps, reportOf()))).toEqual([`claimed ${keyId} generation 1`]);
  });

  it('given an account that cannot be asked, then the error goes through', async () => {
    const users = usersOf(staff, () => new Transient('IAM throttled the call'));
    await expect(open(company({ users }), reportOf())).rejects.toThrow(Transient);
  });
});

describe('joining a claim', () => {
  it('given the same finding again, then nothing changes', async () => {
    const deps = company();
    const [first] = await open(deps, reportOf());
    const [second] = await open(deps, reportOf());
    expect(second).toMatchObject({ outcome: 'joined', reason: expect.stringContaining('already') });
    if (first?.outcome !== 'claimed') throw new Error('it was not claimed');
    expect(await deps.store.load(first.rotation.id)).toEqual(first.rotation);
  });

  it('given another finding, then the rotation remembers both', async () => {
    const deps = company();
    await open(deps, reportOf());
    const [joined] = await open(deps, reportOf({ finding: hubFinding }));
    expect(joined).toMatchObject({
      outcome: 'joined',
      rotation: { version: 2, findings: [configFinding, hubFinding] },
    });
  });

  it('given many at the same time, then one claims and all others join', async () => {
    const deps = company();
    const answers = await Promise.all(
      Array.from({ length: 5 }, (_, at) => open(deps, reportOf({ finding: standardFinding(at) }))),
    );
    const kinds = answers.flat().map(({ outcome }) => outcome);
    expect(kinds.toSorted()).toEqual(['claimed', 'joined', 'joined', 'joined', 'joined']);
    const claim = await deps.store.claimOn('aws', user.account, keyId);
    expect((await deps.store.load(claim?.rotationId ?? ''))?.findings).toHaveLength(5);
  });

  it('given a claim lost between look and commit, then the winner is joined', async () => {
    const store = memoryStore();
    const rival = company({ store });
    let raced = false;
    const slow: RotationStore = {
      ...store,
      commit: async (change) => {
        if (!raced) {
          raced = true;
          await open(rival, reportOf({ finding: hubFinding }));
        }
        return store.commit(change);
      },
    };
    const [answer] = await open(company({ store: slow }), reportOf());
    expect(answer).toMatchObject({
      outcome: 'joined',
      rotation: { findings: [hubFinding, configFinding] },
    });
  });

  it('given conflicts without end, then it gives up with the conflict', async () => {
    const store = memoryStore();
    let tries = 0;
    const contested: RotationStore = {
      ...store,
      commit: async () => {
        tries += 1;
        throw new Conflict('somebody else was faster');
      },
    };
    await expect(open(company({ store: contested }), reportOf())).rejects.toThrow(Conflict);
    expect(tries).toBe(5);
  });

  it('given mode observe after the claim, then the rotation under way is joined', async () => {
    const deps = company();
    await open(deps, reportOf());
    const observing = { ...deps, policyFor: resolved({ mode: 'observe' }) };
    const [answer] = await open(observing, reportOf({ finding: hubFinding }));
    expect(answer?.outcome).toBe('joined');
    expect(deps.observed).toEqual([]);
  });
});

describe('a claim whose rotation is done', () => {
  const abandoned = async () => {
    const deps = company();
    const [first] = await open(deps, reportOf());
    if (first?.outcome !== 'claimed') throw new Error('it was not claimed');
    await advance(deps, first.rotation.id, { type: 'abandoned', by: admin });
    return deps;
  };

  it('given it was abandoned before the finding was sent, then it opens anew', async () => {
    const deps = await abandoned();
    const answers = await open(deps, reportOf({ sentAt: plus(now, { hours: 1 }) }));
    expect(outcomes(answers)).toEqual([`claimed ${keyId} generation 2`]);
    const again = await open(deps, reportOf({ sentAt: plus(now, { hours: 1 }) }));
    expect(outcomes(again)).toEqual([`joined ${keyId} generation 2`]);
  });

  it('given it was abandoned after the finding was sent, then nobody is asked again', async () => {
    const deps = await abandoned();
    expect(outcomes(await open(deps, reportOf()))).toEqual([
      'ignored: the rotation of key …MPLE of 111122223333/ci-runner ended (abandoned) ' +
        'after this finding was sent',
    ]);
  });

  it('given the key was thought gone and is there after all, then it opens anew', async () => {
    const deps = company();
    const [first] = await open(deps, reportOf());
    if (first?.outcome !== 'claimed') throw new Error('it was not claimed');
    await advance(deps, first.rotation.id, { type: 'key gone', what: 'key' });
    const answers = await open(deps, reportOf({ sentAt: plus(now, { hours: 1 }) }));
    expect(outcomes(answers)).toEqual([`claimed ${keyId} generation 2`]);
  });

  it('given it is rotated and the key is Active, then it is left alone and logged', async () => {
    const deps = company();
    const [first] = await open(deps, reportOf());
    if (first?.outcome !== 'claimed') throw new Error('it was not claimed');
    const over = { ...first.rotation, stage: done() };
    const store = { ...deps.store, load: async () => over };
    const later = reportOf({ sentAt: plus(now, { days: 10 }) });
    expect(outcomes(await open({ ...deps, store }, later))).toEqual([
      'ignored: the rotation of key …MPLE of 111122223333/ci-runner is done (rotated), yet ' +
        'the key is Active',
    ]);
    expect(deps.logged).toMatchObject([{ level: 'error' }]);
  });
});
