/** What others do to the account in stories about the custodian, and short ways to look at it. */
import { expect } from 'vitest';
import { Transient } from '../../domain/errors.ts';
import { account, answerOf, type CustodyWorld, errorOf } from './custody-world.ts';

export const secretName = 'keyturn/svc-billing';

export function storedValue(world: CustodyWorld, versionId: string): Record<string, unknown> {
  const arn = world.secret()?.arn ?? '';
  return JSON.parse(world.cloud.secretValue(arn, versionId)?.text ?? 'null');
}

/** Anybody with administrator's rights, outside Keyturn. */
export async function outsider(
  world: CustodyWorld,
  service: string,
  operation: string,
  input: unknown,
): Promise<unknown> {
  world.cloud.createRole(account, 'admin');
  const credentials = world.cloud.roleCredentials(account, 'admin', 'somebody');
  return world.cloud.call({ service, operation, input, region: world.region, credentials });
}

export async function through(world: CustodyWorld, ...steps: readonly string[]) {
  for (const step of steps) answerOf(await world.run(step as 'createSecret'));
}

export const keyIds = (world: CustodyWorld) => world.keys().map(({ keyId }) => keyId);

export const lostAnswer = Object.assign(new Error('socket hang up'), { name: 'TimeoutError' });

/** CreateAccessKey works, and its answer does not arrive. */
export async function loseKey(world: CustodyWorld): Promise<string> {
  world.meddle(async (call, proceed) => {
    const answer = await proceed();
    if (call.operation === 'CreateAccessKey') throw lostAnswer;
    return answer;
  });
  const error = errorOf(await world.run('createSecret'));
  world.meddle((_call, proceed) => proceed());
  const orphan = keyIds(world)[1] ?? '';
  expect(error).toBeInstanceOf(Transient);
  expect(error.message).toContain(`IAM lists ${orphan}, whose secret is lost`);
  return orphan;
}
