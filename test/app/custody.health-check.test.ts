/** A health check stands between verification and AWSCURRENT, in front of every place. */
import { describe, expect, test } from 'vitest';
import { keyIds, through } from './custody-acts.ts';
import { account, answerOf, custodyWorld, errorOf, oldKeyId, sentinel } from './custody-world.ts';

const name = 'keyturn-health-billing';
const other = 'us-east-2';

function given(answer: () => Promise<unknown>, vault: 'secrets-manager' | 'parameter-store') {
  const world = custodyWorld({}, { Vault: vault, HealthCheck: name, Copies: other });
  world.cloud.registerFunction({ account, region: world.region, name }, answer);
  return world;
}

describe.each(['secrets-manager', 'parameter-store'] as const)('with %s', (vault) => {
  test('healthy: the key becomes current everywhere', async () => {
    const seen: unknown[] = [];
    const world = given(async () => {
      seen.push(world.currentKeyId(), world.currentKeyId(other));
      return { Healthy: true };
    }, vault);
    expect((await world.runbook(1)).issued).toBe(true);
    expect(seen).toEqual([null, null]);
    expect(world.currentKeyId(other)).toBe(world.currentKeyId());
  });

  test.each([
    ['unhealthy', async () => ({ Healthy: false, Reason: 'no rights on the queue' })],
    ['without an answer', () => new Promise(() => {})],
    [
      'broken',
      async () => {
        throw new Error(`cannot sign: ${sentinel}${'x'.repeat(40)}`);
      },
    ],
    ['vague', async () => ({ ok: true })],
  ])('%s: AWSCURRENT stays everywhere, and undo removes the key', async (_what, answer) => {
    const world = given(answer, vault);
    await through(world, 'createSecret', 'setSecret', 'testSecret');
    const error = errorOf(await world.run('finishSecret'));
    expect(error.message).toContain(`health check ${name} did not find new key`);
    expect(error.message.length).toBeLessThan(500);
    expect([world.currentKeyId(), world.currentKeyId(other)]).toEqual([null, null]);
    expect(world.labelled('AWSPENDING')).toHaveLength(1);
    answerOf(await world.run('undo'));
    expect(keyIds(world)).toEqual([oldKeyId]);
  });
});
