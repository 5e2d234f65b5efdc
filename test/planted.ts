/**
 * Keys to be planted in files, made where they are needed: nothing in this repository looks like a
 * real one. The same name gives the same key.
 */
import { createHash } from 'node:crypto';

export interface PlantedKey {
  readonly keyId: string;
  readonly secret: string;
}

const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
const digest = (name: string) => createHash('sha512').update(name).digest();

export function plantedKey(name: string): PlantedKey {
  const bytes = [...digest(`id ${name}`)].slice(0, 16);
  const keyId = `AK${'IA'}${bytes.map((byte) => letters[byte % 32]).join('')}`;
  return { keyId, secret: secretOf(name) };
}

/** Forty characters, the last of them a letter or a digit. */
export function secretOf(name: string): string {
  return `${digest(`value ${name}`).toString('base64').slice(0, 39)}7`;
}

export const inBase64 = (text: string) => Buffer.from(text).toString('base64');

/** Every text in which somebody could read something of a secret, or a whole key id. */
export function tracesOf({ keyId, secret }: PlantedKey): readonly string[] {
  const parts = [0, 14, 28].map((start) => secret.slice(start, start + 12));
  return [keyId, ...parts, inBase64(keyId).slice(0, 27), inBase64(secret).slice(0, 40)];
}
