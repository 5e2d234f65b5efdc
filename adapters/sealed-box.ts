/**
 * A value sealed so that only the holder of a private key opens it, as GitHub wants secrets: a
 * sealed box of libsodium. The library is loaded when something is sealed, and not before.
 * https://docs.github.com/en/rest/guides/encrypting-secrets-for-the-rest-api (2026-11)
 */
import { Permanent } from '../domain/errors.ts';
import type { Sealed } from '../domain/sealed.ts';

const keyBytes = 32;

/** In base64, for a public key in base64. Throws Permanent if that is none. */
export async function sealedFor(publicKey: string, value: Sealed): Promise<string> {
  const key = Buffer.from(publicKey, 'base64');
  if (key.length !== keyBytes || key.toString('base64') !== publicKey) {
    throw new Permanent('what was given as a public key is none: nothing is sealed for it');
  }
  const { default: sodium } = await import('libsodium-wrappers');
  await sodium.ready;
  return Buffer.from(sodium.crypto_box_seal(value.reveal(), key)).toString('base64');
}
