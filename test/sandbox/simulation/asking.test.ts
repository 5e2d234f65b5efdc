/** What IAM may be asked: for a key once in an attempt, and for nothing without a user's name. */
import { expect, test } from 'vitest';
import { invoke } from '../../../sandbox/simulation/invocation.ts';
import { account, quietPlan, stagedWorld, userName } from './staged-world.ts';

test('S8: one invocation asks for a key twice, although IAM refuses it', async () => {
  const given = await stagedWorld();
  await given.pass(24);
  const ask = () => given.asKeyturn('CreateAccessKey', { UserName: userName }, 'keyturn-custodian');
  await invoke('keyturn-custodian createSecret', {}, async () => {
    for (let time = 0; time < 2; time++) await ask().catch(() => undefined);
  });
  await given.watch.ended();
  expect(given.problems('S8')).toEqual([
    'keyturn-custodian createSecret asked IAM for a new key 2 times in one attempt',
  ]);
});

test('S8: two attempts that ask once each are two attempts', async () => {
  const given = await stagedWorld();
  const ask = () => given.asKeyturn('CreateAccessKey', { UserName: userName }, 'keyturn-custodian');
  for (let time = 0; time < 2; time++) {
    await invoke('keyturn-custodian createSecret', {}, () => ask().catch(() => undefined));
  }
  await given.watch.ended();
  expect(given.problems('S8')).toEqual([]);
});

test('S10: a key is switched off without a user name, although IAM refuses it', async () => {
  const given = await stagedWorld();
  const { keyId } = given.oldKey;
  const call = given.asKeyturn('UpdateAccessKey', { AccessKeyId: keyId, Status: 'Inactive' });
  await expect(call).rejects.toThrow('Must specify userName');
  await given.watch.ended();
  expect(given.problems('S10')).toEqual([
    expect.stringMatching(/^UpdateAccessKey without a user name at 2/),
  ]);
});

test('a world may go blind: last-used cannot be read from the first new key on', async () => {
  const given = await stagedWorld({ ...quietPlan(), blindHours: 24 * 30 });
  await given.pass(24 * 6);
  const read = given.world.cloud.history.filter(
    ({ operation }) => operation === 'GetAccessKeyLastUsed',
  );
  const moved = given.ledger.acts.find(
    ({ operation, input }) =>
      operation === 'UpdateSecretVersionStage' && input.VersionStage === 'AWSCURRENT',
  );
  expect(read.every(({ at }) => at <= (moved?.at ?? ''))).toBe(true);
  const { stage } = given.rotation().rotation;
  expect(stage).toMatchObject({ name: 'held', reason: { code: 'evidence incomplete' } });
  expect(given.world.cloud.truth(account).keys[0]?.status).toBe('Active');
});
