/** Whole rotations with another vault, with copies in other Regions, and with a health check. */
import { describe, expect, test } from 'vitest';
import type { PlaceInAws } from '../../domain/further-place.ts';
import type { Policy } from '../../domain/policy.ts';
import { expectHeldActive, expectRotated } from './endings.ts';
import { account, type GivenWorld, givenWorld } from './given-world.ts';
import { currentKeyId, currentKeyIdOf } from './promises.ts';

const inParameters: Partial<Policy> = { vault: 'parameter-store' };
const copies: readonly PlaceInAws[] = [
  { kind: 'secrets-manager', region: 'us-east-2' },
  { kind: 'secrets-manager', region: 'ap-south-1' },
];
const region = 'us-east-1';

function keptOf(given: GivenWorld) {
  return given.world.cloud.parameters(account, region).map(({ name }) => name);
}

describe('with Parameter Store', () => {
  test('a key is rotated from the first finding to the deleted old key', async () => {
    const given = await givenWorld({ policy: inParameters });
    await expectRotated(given);
    expect(given.secret()).toBeUndefined();
    expect(keptOf(given)).toContain('/keyturn/users/svc-billing');
    expect(given.thread().join()).toContain(`arn:aws:ssm:${region}:${account}:parameter/keyturn/`);
  });

  test('an outsider’s edit of the parameter keeps the old key Active', async () => {
    const given = await givenWorld({ policy: inParameters });
    await given.until('overlapping');
    const Name = '/keyturn/users/svc-billing';
    await given.outsider('ssm', 'PutParameter', { Name, Value: 'mine now', Overwrite: true });
    await given.until('held', { days: 40 });
    expect(given.oldKeyChanges()).toEqual(['Active']);
  });

  test('no value is in any call’s record but the vault’s', async () => {
    const given = await givenWorld({ policy: inParameters });
    await given.until('overlapping');
    const [value] = given.world.cloud
      .parameters(account, region)
      .filter(({ name }) => name === '/keyturn/users/svc-billing')
      .flatMap(({ versions }) => versions.at(-1)?.value ?? []);
    const { secretAccessKey } = JSON.parse(value ?? '{}') as { readonly secretAccessKey: string };
    expect(secretAccessKey).toMatch(/^.{40,}$/);
    const { cloud, log, runner, place } = given.world;
    const said = [cloud.history, log, runner.list(place), given.world.slack.messages()];
    expect(JSON.stringify(said)).not.toContain(secretAccessKey);
  });
});

describe('with copies in other Regions', () => {
  test.each([[{ copies }], [{ copies, ...inParameters }]])(
    'all change over: %j',
    async (policy) => {
      const given = await givenWorld({ policy });
      await expectRotated(given);
      for (const each of copies) {
        const current = currentKeyIdOf(given.world, given.user, each.region);
        expect(current).toBe(currentKeyId(given.world, given.user));
        expect(current).not.toBeNull();
      }
    },
  );

  test('one that fails keeps all readers as they were; a later attempt succeeds', async () => {
    const given = await givenWorld({ policy: { copies } });
    const operation = 'UpdateSecretVersionStage';
    const fault = given.faults.fail({ service: 'secretsmanager', operation }, 'denied');
    await given.until('issuing');
    await given.pass({ minutes: 30 });
    for (const each of copies) {
      expect(currentKeyIdOf(given.world, given.user, each.region)).toBeNull();
    }
    expect(given.oldKeyChanges()).toEqual(['Active']);
    fault.mend();
    await expectRotated(given);
  });

  test('one that falls behind keeps the old key Active', async () => {
    const given = await givenWorld({ policy: { copies } });
    await given.until('overlapping');
    await given.world.cloud.call({
      service: 'secretsmanager',
      operation: 'PutSecretValue',
      input: { SecretId: 'keyturn/svc-billing', SecretString: 'mine now' },
      region: 'us-east-2',
      credentials: given.world.cloud.roleCredentials(account, 'operator', 'somebody'),
    });
    await given.until('held', { days: 40 });
    expect(given.oldKeyChanges()).toEqual(['Active']);
    const { stage } = await given.rotation();
    expect(JSON.stringify(stage)).toContain('the copy in us-east-2');
  });

  test('where the secret itself is, no copy can be: it is held, and says so', async () => {
    const here = [{ kind: 'secrets-manager', region }] as const;
    const given = await givenWorld({ policy: { copies: here } });
    await expectHeldActive(given, 'issue failed');
    expect(given.incidents()[0]?.summary).toContain('where the secret itself is');
  });
});

describe('with a health check', () => {
  const name = 'keyturn-health-billing';
  const place = { account, region, name };

  test('that is passed: it was asked before AWSCURRENT moved', async () => {
    const given = await givenWorld({ policy: { healthCheck: name } });
    const asked: unknown[] = [];
    given.world.cloud.registerFunction(place, async (question) => {
      asked.push([question, currentKeyId(given.world, given.user)]);
      return { Healthy: true };
    });
    await expectRotated(given);
    const current = currentKeyId(given.world, given.user);
    expect(asked).toEqual([[expect.objectContaining({ NewKeyId: current }), null]]);
  });

  test('that is not: AWSCURRENT stays, the new keys go, and people hear the reason', async () => {
    const given = await givenWorld({ policy: { healthCheck: name } });
    given.world.cloud.registerFunction(place, async () => ({
      Healthy: false,
      Reason: 'the queue refuses it',
    }));
    await expectHeldActive(given, 'issue failed');
    expect(currentKeyId(given.world, given.user)).toBeNull();
    expect(given.newKeys().every(({ deletedAt }) => deletedAt !== null)).toBe(true);
    expect(given.incidents()[0]?.summary).toContain('the queue refuses it');
  });

  test('that nobody has deployed: it is held', async () => {
    const given = await givenWorld({ policy: { healthCheck: name } });
    await expectHeldActive(given, 'issue failed');
    expect(currentKeyId(given.world, given.user)).toBeNull();
  });
});
