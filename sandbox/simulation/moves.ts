/** Which calls bring another key to those who read a vault or a copy, and which key. */
import type { World } from '../world.ts';
import type { Act, Move } from './ledger.ts';
import { keyIdIn, keyOf, pairIn } from './truth.ts';

const livePrefix = '/keyturn/users/';

/** undefined for any other call, and for one after which readers get no key. */
export function moveIn(world: World, act: Omit<Act, 'by' | 'invocation'>): Move | undefined {
  const keyId = movedKey(world, act);
  const key = keyId === null ? undefined : keyOf(world, act.account, keyId);
  if (key === undefined) return undefined;
  const { at, account, region } = act;
  return { at, account, region, userId: key.userId, keyId: key.keyId };
}

function movedKey(
  world: World,
  { operation, input, account, region }: Omit<Act, 'by' | 'invocation'>,
): string | null {
  if (operation === 'PutParameter' && String(input.Name).startsWith(livePrefix)) {
    const parameter = world.cloud
      .parameters(account, region)
      .find((each) => each.name === input.Name);
    return pairIn(parameter?.versions.at(-1)?.value)?.accessKeyId ?? null;
  }
  const { VersionStage, MoveToVersionId, SecretId } = input;
  if (operation !== 'UpdateSecretVersionStage' || VersionStage !== 'AWSCURRENT') return null;
  const { secrets } = world.cloud.truth(account);
  const secret = secrets.find(
    (each) => each.arn === SecretId || (each.name === SecretId && each.region === region),
  );
  if (secret === undefined || MoveToVersionId === undefined) return null;
  return keyIdIn(world, secret.arn, String(MoveToVersionId));
}
