/**
 * A claim that joined a native rotation kept the Region in which it was opened: witness and
 * runbooks looked there for a secret that is in another one.
 */
import { expect, test } from 'vitest';
import { receiveLabel } from '../../app/receive-label.ts';
import { givenRotation, news } from '../app/told-natively.ts';
import { proposed } from '../builders.ts';

test('a claim that joins a native rotation is watched where its secret is', async () => {
  const { deps, rotation } = await givenRotation(proposed());
  await receiveLabel(deps, news);
  const after = await deps.store.load(rotation.id);
  expect(after?.stage.name).toBe('overlapping');
  // The witness and the runbooks go to the rotation's Region, and ask for the secret there.
  expect(after?.region).toBe('eu-west-1');
});

test('and with the copies that its tags name', async () => {
  const { deps, rotation } = await givenRotation(proposed(), { 'keyturn:copies': 'us-east-2' });
  await receiveLabel(deps, news);
  const after = await deps.store.load(rotation.id);
  expect(after?.policy.copies).toEqual([{ kind: 'secrets-manager', region: 'us-east-2' }]);
});
