/** The checks of unused keys, copies, parameters, untouchable users, and of being stopped. */
import { describe, expect, test } from 'vitest';
import { plus } from '../../../domain/instant.ts';
import { secretNameOf } from '../../../domain/secret-name.ts';
import { canary, nothingLeaks } from '../../../sandbox/simulation/invariants/nothing-leaks.ts';
import type { UserPlan, WorldPlan } from '../../../sandbox/simulation/plan.ts';
import { account, daily, quietPlan, stagedWorld, userName } from './staged-world.ts';

const never = { ...daily, changesOverAfterHours: null };
const off = (keyId: string) => ({ UserName: userName, AccessKeyId: keyId, Status: 'Inactive' });
const on = (keyId: string) => ({ ...off(keyId), Status: 'Active' });
const gone = (keyId: string) => ({ UserName: userName, AccessKeyId: keyId });

/** The quiet world, with something else about its one user. */
function withUser(changes: Partial<UserPlan>, plan: WorldPlan = quietPlan()): WorldPlan {
  return { ...plan, users: plan.users.map((user) => ({ ...user, ...changes })) };
}

const unused = () =>
  withUser({
    keys: [{ ageDays: 400, status: 'Active', programs: [], lastUsedDaysAgo: 200 }],
  });

describe('an unused key', () => {
  test('is retired, and nothing is broken', async () => {
    const given = await stagedWorld(unused());
    await given.pass(24 * 12);
    await given.watch.ended();
    expect(given.watch.broken).toEqual([]);
    expect(given.rotation().rotation).toMatchObject({ kind: 'retire', stage: { name: 'done' } });
  });

  test('S2: that was used is retired all the same', async () => {
    const given = await stagedWorld(unused());
    await given.pass(1);
    given.ledger.uses.get(given.oldKey.keyId)?.push({
      at: plus(given.world.clock.now(), { days: -3 }),
      service: 's3',
      operation: 'ListBuckets',
      region: 'us-east-1',
      userAgent: 'aws-cli/2.31',
      own: false,
      invocation: undefined,
    });
    await given.asKeyturn('UpdateAccessKey', off(given.oldKey.keyId));
    expect(given.problems('S2').join()).toContain('last used or made at');
  });

  test('S2: is retired although policy has it replaced', async () => {
    const given = await stagedWorld(unused());
    await given.pass(24);
    Object.assign(given.ledger.plan.policy, { unused: 'replace' });
    await given.asKeyturn('UpdateAccessKey', off(given.oldKey.keyId));
    expect(given.problems('S2').join()).toContain('retires no keys');
  });

  test('S9: is retired before the notice is over', async () => {
    const given = await stagedWorld(unused());
    await given.pass(12);
    await given.asKeyturn('UpdateAccessKey', off(given.oldKey.keyId));
    expect(given.problems('S9').join()).toContain('h after notice, of 48 h');
  });

  test('S4: is touched though it is a second key that is in use', async () => {
    const keys = (quietPlan().users[0]?.keys ?? []).flatMap((key) => [
      key,
      { ...key, ageDays: 40 },
    ]);
    const given = await stagedWorld(withUser({ keys }));
    await given.pass(1);
    const [, second] = given.world.cloud.truth(account).keys;
    await given.asKeyturn('UpdateAccessKey', off(second?.keyId ?? ''));
    expect(given.problems('S4').join()).toContain('nobody reported');
  });
});

describe('switching on', () => {
  test('S3: a key that was off before Keyturn came', async () => {
    const [first] = quietPlan().users[0]?.keys ?? [];
    const inactive = {
      ageDays: 500,
      status: 'Inactive',
      programs: [],
      lastUsedDaysAgo: 300,
    } as const;
    const keys = [first, inactive].flatMap((key) => key ?? []);
    const given = await stagedWorld(withUser({ keys }));
    await given.pass(1);
    const [, second] = given.world.cloud.truth(account).keys;
    await given.asKeyturn('UpdateAccessKey', on(second?.keyId ?? ''));
    expect(given.problems('S3')).toEqual([expect.stringContaining('had made Inactive')]);
  });

  test('S8: a key of Keyturn’s own is removed although somebody uses it', async () => {
    const given = await stagedWorld(quietPlan([never]));
    await given.pass(0.01);
    await given.asKeyturn('CreateAccessKey', { UserName: userName }, 'keyturn-key-maker');
    const [, made] = given.world.cloud.truth(account).keys;
    const at = given.world.clock.now();
    const use = { at, service: 's3', operation: 'ListBuckets', region: 'us-east-1', userAgent: '' };
    const uses = [{ ...use, own: false, invocation: undefined }];
    given.ledger.uses.set(made?.keyId ?? '', uses);
    await given.asKeyturn('DeleteAccessKey', gone(made?.keyId ?? ''));
    expect(given.problems('S8').join()).toContain('removed although used');
  });

  test('S3: no violation if Keyturn itself had switched it off', async () => {
    const given = await stagedWorld(quietPlan([never]));
    await given.pass(24);
    await given.asKeyturn('UpdateAccessKey', off(given.oldKey.keyId));
    await given.pass(1);
    await given.asKeyturn('UpdateAccessKey', on(given.oldKey.keyId));
    expect(given.problems('S3')).toEqual([]);
  });
});

describe('places that are read', () => {
  const copies = [{ kind: 'secrets-manager', region: 'us-east-2' }] as const;
  const onGitHub = [{ kind: 'github-actions', repository: 'acme/web' }] as const;
  const policies = [
    ['a copy', { copies }],
    ['a parameter', { vault: 'parameter-store' }],
    ['a further parameter', { copies: [{ kind: 'parameter-store', region: 'us-east-2' }] }],
    ['a repository', { copies: onGitHub }],
  ] as const;

  test.each(policies)('%s: nothing is broken where nothing goes wrong', async (_name, policy) => {
    const plan = quietPlan([{ ...daily, reads: 'copy' }]);
    const given = await stagedWorld({ ...plan, policy: { ...plan.policy, ...policy } });
    await given.pass(24 * 12);
    await given.watch.ended();
    expect(given.watch.broken).toEqual([]);
    expect(given.rotation().rotation.stage).toMatchObject({ name: 'done', outcome: 'rotated' });
  });

  test.each(policies)('S1: the key that readers of %s get goes off', async (_name, policy) => {
    const plan = quietPlan();
    const given = await stagedWorld({ ...plan, policy: { ...plan.policy, ...policy } });
    await given.pass(24);
    const [, newKey] = given.world.cloud.truth(account).keys;
    await given.asKeyturn('UpdateAccessKey', off(newKey?.keyId ?? ''));
    expect(given.problems('S1').join()).toContain('which Keyturn made Inactive');
  });

  test('S1: the old key goes off while a copy holds no other', async () => {
    const plan = quietPlan();
    const given = await stagedWorld({ ...plan, policy: { ...plan.policy, copies } });
    await given.pass(24 * 3 - 1);
    given.world.cloud.removeSecret(account, 'us-east-2', secretNameOf({ userName }));
    await given.asKeyturn('UpdateAccessKey', off(given.oldKey.keyId));
    expect(given.problems('S1').join()).toContain(
      'readers in secrets-manager in us-east-2 get null',
    );
  });

  test.each([
    ['still has the old one', (keyId: string) => ['AWS_ACCESS_KEY_ID', keyId]],
    ['has an id and a value of two keys', () => ['AWS_SECRET_ACCESS_KEY', 'of another key']],
  ] as const)('S1: the old key goes off while a repository %s', async (_what, byHand) => {
    const plan = quietPlan();
    const given = await stagedWorld({ ...plan, policy: { ...plan.policy, copies: onGitHub } });
    await given.pass(24 * 3 - 1);
    expect(given.problems('S1')).toEqual([]);
    const [name = '', value = ''] = byHand(given.oldKey.keyId);
    given.world.gitHub.putByHand('acme/web', name, value);
    await given.asKeyturn('UpdateAccessKey', off(given.oldKey.keyId));
    expect(given.problems('S1').join()).toContain(
      'went off while readers in github-actions of acme/web get',
    );
  });

  test('S5: readers of a parameter get a key that was never tried', async () => {
    const plan = quietPlan();
    const policy = { ...plan.policy, vault: 'parameter-store' } as const;
    const given = await stagedWorld({ ...plan, policy });
    await given.pass(24);
    const [, newKey] = given.world.cloud.truth(account).keys;
    given.ledger.uses.delete(newKey?.keyId ?? '');
    given.ledger.moves.length = 0;
    const [parameter] = given.world.cloud
      .parameters(account, 'us-east-1')
      .filter(({ name }) => name.startsWith('/keyturn/users/'));
    const Value = parameter?.versions.at(-1)?.value;
    const input = { Name: parameter?.name, Value, Overwrite: true };
    await given.asRole('keyturn-custodian', 'ssm', 'PutParameter', input);
    expect(given.problems('S5').join()).toContain('after 0 successful tries');
  });

  test('S5: readers get a key that the health check never saw', async () => {
    const plan = quietPlan();
    const policy = { ...plan.policy, healthCheck: 'keyturn-health-check' };
    const given = await stagedWorld({ ...plan, policy });
    const { healthy } = given.ledger;
    healthy.add = () => healthy;
    await given.pass(24);
    expect(given.problems('S5').join()).toContain('never found healthy');
  });

  test('S6: a value in a parameter that is no SecureString', async () => {
    const given = await stagedWorld();
    const input = { Name: '/keyturn/users/odd', Value: `${canary}x`, Type: 'String' };
    await given.asRole('operator', 'ssm', 'PutParameter', input);
    const found = Array.from({ length: 20 }, () => nothingLeaks.daily?.(given.ledger) ?? []);
    // What only grows is looked at once, what may change every tenth day.
    const shown = 'a secret value stands in a parameter that shows itself, as it is';
    expect(found[0]).toEqual(['a secret value stands in what was called, as it is']);
    expect(found.slice(1).flat()).toEqual([shown, shown]);
  });
});

describe('S13', () => {
  const turned = { into: 'privileged', onDay: 1 } as const;
  const exempted = { fromDay: 1, toDay: 50 };

  test.each([
    ['privileged', { turn: turned }],
    ['privileged', { turn: { ...turned, into: 'ses smtp' } }],
    ['exempt', { exempt: exempted }],
  ] as const)('%s meanwhile: left alone, and so nothing is broken', async (_why, changes) => {
    const given = await stagedWorld(withUser(changes));
    await given.pass(24 * 12);
    await given.watch.ended();
    expect(given.watch.broken).toEqual([]);
    expect(given.rotation().rotation.stage).toMatchObject({ name: 'done', outcome: 'exempt' });
  });

  test.each([{ turn: turned }, { exempt: exempted }])(
    'touched all the same: %j',
    async (changes) => {
      const given = await stagedWorld(withUser(changes));
      await given.pass(24 * 2);
      await given.asKeyturn('DeleteAccessKey', gone(given.oldKey.keyId));
      expect(given.problems('S13').join()).toContain('was touched (');
    },
  );

  test('no violation where policy has privileged users rotated', async () => {
    const plan = quietPlan();
    const policy = { ...plan.policy, privileged: 'rotate' } as const;
    const given = await stagedWorld(withUser({ turn: turned }, { ...plan, policy }));
    await given.pass(24 * 2);
    await given.asKeyturn('UpdateAccessKey', off(given.oldKey.keyId));
    expect(given.problems('S13')).toEqual([]);
  });
});

describe('the stop switch', () => {
  const stoppedFor = (hours: number): WorldPlan => {
    const plan = quietPlan();
    const from = plus(plan.start, { hours: 40 });
    return { ...plan, stops: [{ how: 'stopped', from, to: plus(from, { hours }) }] };
  };

  test('holds everything, and it goes on afterwards', async () => {
    const given = await stagedWorld(stoppedFor(60));
    await given.pass(24 * 4);
    expect(given.rotation().rotation.stage.name).toBe('overlapping');
    await given.pass(24 * 10);
    await given.watch.ended();
    expect(given.watch.broken).toEqual([]);
    expect(given.rotation().rotation.stage).toMatchObject({ name: 'done', outcome: 'rotated' });
  });

  test('is not heeded', async () => {
    const given = await stagedWorld(stoppedFor(60));
    await given.pass(24 * 2);
    await given.world.go();
    await given.pass(24);
    expect(given.problems('stop switch').join()).toMatch(/went from overlapping to deactivating/);
    expect(given.problems('stop switch').join()).toMatch(/ssm:StartAutomationExecution/);
  });
});
