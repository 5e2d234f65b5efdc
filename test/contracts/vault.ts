/** What every vault must do, whatever it is made of. */
import { describe, expect, test } from 'vitest';
import type { StoredKey, Vault, VaultContent } from '../../domain/custody.ts';
import { Conflict } from '../../domain/errors.ts';
import { instant } from '../../domain/instant.ts';
import { Sealed } from '../../domain/sealed.ts';

export interface VaultUnderTest {
  readonly vault: Vault;
  /** Puts a value under AWSCURRENT as somebody else would. */
  readonly intrude: (name: string, value: string) => Promise<void>;
}

const name = 'keyturn/svc-billing';
const placeholderId = '11111111-1111-5111-8111-111111111111';
const first = '22222222-2222-5222-8222-222222222222';
const second = '33333333-3333-5333-8333-333333333333';
const secretText = `EXAMPLE${'a'.repeat(33)}`;

function key(keyId: string, text = secretText): StoredKey {
  return {
    keyId,
    secret: new Sealed(text),
    createdAt: instant('2026-11-02T03:14:07Z'),
    userName: 'svc-billing',
    userId: 'AIDACKCEVSQ6C2EXAMPLE',
    rotationId: '3f0c9a52-6b1d-5e4f-8a7b-2c9d0e1f2a3b',
  };
}

const keyA = key('AKIAIOSFODNN7EXAMPLE');
const keyB = key('AKIAI44QH8DHBEXAMPLE');

interface Opened extends VaultUnderTest {
  readonly arn: string;
  readonly tags: Readonly<Record<string, string>>;
}

type Open = () => Promise<Opened>;

export function vaultContract(what: string, make: () => VaultUnderTest): void {
  const opened = async () => {
    const made = make();
    const tags = { 'keyturn:driver': 'keyturn' };
    await made.vault.open({ name, placeholderId, userName: 'svc-billing', tags });
    const secret = await made.vault.describe(name);
    if (secret === undefined) throw new Error('the secret was not made');
    return { ...made, arn: secret.arn, tags };
  };
  describe(`${what} as a vault`, () => {
    test('knows no secret before it is opened', async () => {
      expect(await make().vault.describe(name)).toBeUndefined();
    });
    openingAndReading(opened);
    storing(opened);
    movingLabels(opened);
  });
}

async function labelsOf(vault: Vault) {
  return (await vault.describe(name))?.labels;
}

function openingAndReading(opened: Open): void {
  test('opens a secret with its tags and a current placeholder, by name and by ARN', async () => {
    const { vault, arn, tags } = await opened();
    const secret = await vault.describe(arn);
    expect(secret).toEqual({
      arn,
      tags,
      labels: { [placeholderId]: ['AWSCURRENT'] },
      closing: false,
    });
    expect(await vault.describe(name)).toEqual(secret);
    const placeholder: VaultContent = { kind: 'placeholder' };
    expect(await vault.readCurrent(arn)).toEqual({
      versionId: placeholderId,
      content: placeholder,
    });
  });

  test('opening again changes nothing', async () => {
    const { vault, arn, tags } = await opened();
    await vault.open({ name, placeholderId: first, userName: 'other', tags: { other: 'tag' } });
    expect(await vault.describe(name)).toMatchObject({
      arn,
      tags,
      labels: { [placeholderId]: ['AWSCURRENT'] },
    });
  });

  test('has no value for a version that is not there', async () => {
    const { vault, arn } = await opened();
    expect(await vault.read(arn, first)).toBeUndefined();
  });

  test('does not look into what somebody else wrote', async () => {
    for (const value of [secretText, '{"accessKeyId":"x"}', `{"secretAccessKey":"${secretText}`]) {
      const { vault, arn, intrude } = await opened();
      await intrude(name, value);
      expect((await vault.readCurrent(arn))?.content).toEqual({ kind: 'foreign' });
    }
  });
}

function storing(opened: Open): void {
  test('stores a key as pending and gives it back, whole', async () => {
    const { vault, arn } = await opened();
    await vault.putPending(arn, first, keyA);
    expect(await labelsOf(vault)).toEqual({
      [placeholderId]: ['AWSCURRENT'],
      [first]: ['AWSPENDING'],
    });
    const content = await vault.read(arn, first);
    if (content?.kind !== 'key') throw new Error('no key');
    expect(content.key).toMatchObject({ ...keyA, secret: expect.any(Sealed) });
    expect(content.key.secret.reveal()).toBe(secretText);
    expect((await vault.readCurrent(arn))?.versionId).toBe(placeholderId);
  });

  test('stores the same again without a change, and nothing else under a used token', async () => {
    const { vault, arn } = await opened();
    await vault.putPending(arn, first, keyA);
    await vault.putPending(arn, first, keyA);
    const error = await vault.putPending(arn, first, keyB).catch((thrown: Error) => thrown);
    expect(error).toBeInstanceOf(Conflict);
    expect(await vault.read(arn, first)).toMatchObject({ key: { keyId: keyA.keyId } });
  });
}

function movingLabels(opened: Open): void {
  test('moves AWSCURRENT from where it is, and from nowhere else', async () => {
    const { vault, arn } = await opened();
    await vault.putPending(arn, first, keyA);
    const wrong = vault.moveCurrent(arn, { from: first, to: first });
    expect(await wrong.catch((thrown: Error) => thrown)).toBeInstanceOf(Conflict);
    await vault.moveCurrent(arn, { from: placeholderId, to: first });
    expect(await vault.readCurrent(arn)).toMatchObject({
      versionId: first,
      content: { kind: 'key', key: { keyId: keyA.keyId } },
    });
    const late = vault.moveCurrent(arn, { from: placeholderId, to: first });
    expect(await late.catch((thrown: Error) => thrown)).toBeInstanceOf(Conflict);
  });

  test('takes AWSPENDING off one version only, and the value stays readable', async () => {
    const { vault, arn } = await opened();
    await vault.putPending(arn, first, keyA);
    await vault.clearPending(arn, second);
    await vault.clearPending(arn, placeholderId);
    expect((await labelsOf(vault))?.[first]).toEqual(['AWSPENDING']);
    await vault.clearPending(arn, first);
    await vault.clearPending(arn, first);
    expect(await labelsOf(vault)).toEqual({ [placeholderId]: ['AWSCURRENT'] });
    expect(await vault.read(arn, first)).toMatchObject({ key: { keyId: keyA.keyId } });
  });
}
