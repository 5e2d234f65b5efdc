/**
 * Whoever may start automations beside the keys (with a role of their own to pass) starts the
 * document that Keyturn is about to start: with its rotation and effect id, and their own function.
 */
import { expect, test } from 'vitest';
import { cryptoIds } from '../../adapters/crypto-ids.ts';
import { plus } from '../../domain/instant.ts';
import { parametersOf } from '../../domain/runbook-order.ts';
import { runInFlight } from '../../domain/wake.ts';
import { account, givenWorld } from '../sandbox/given-world.ts';

test('their run is not taken for ours: what it says is not what was issued', async () => {
  const given = await givenWorld({ outsiderInterferes: true });
  const { world } = given;
  const { region } = world.place;
  const fault = given.faults.fail(
    { service: 'ssm', operation: 'StartAutomationExecution' },
    'throttled',
    3,
  );
  await given.until('issuing');
  const rotation = await given.rotation();
  const effectId = runInFlight(rotation)?.effectId ?? '';
  const role = world.cloud.createRole(account, 'stranger');
  world.cloud.registerFunction({ account, region, name: 'evil' }, async () => ({
    NewKeyId: 'AKIAI44QH8DHBEXAMPLE',
    SecretArn: `arn:aws:secretsmanager:${region}:${account}:secret:keyturn/evil-AbCdEf`,
    SecretVersionId: '11111111-2222-4333-8444-555555555555',
    CurrentSince: world.clock.now(),
    TestRequestIds: 'none',
    Issued: 'true',
  }));
  fault.mend();
  const parameters = {
    ...parametersOf(rotation, effectId, cryptoIds.uuid),
    AutomationAssumeRole: role,
    CustodianFunction: 'evil',
  };
  await given.outsider('ssm', 'StartAutomationExecution', {
    DocumentName: 'Keyturn-IssueReplacementKey',
    Parameters: Object.fromEntries(Object.entries(parameters).map(([k, v]) => [k, [v]])),
  });
  given.faults.fail({ service: 'ssm', operation: 'StartAutomationExecution' }, 'throttled', 3);
  await world.runUntil(plus(world.clock.now(), { minutes: 4 }));
  const after = await given.rotation();
  expect(JSON.stringify(after.stage)).not.toContain('keyturn/evil');
});
