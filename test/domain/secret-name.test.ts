/** Every user has a secret of their own, under a name that Secrets Manager takes. */
import { expect, test } from 'vitest';
import { secretNameOf } from '../../domain/secret-name.ts';

const iamAllows = 'aZ09_+=,.@-';
const secretsManagerAllows = /^[\w/+=.@-]{1,512}$/;

test('a secret is named after its user', () => {
  expect(secretNameOf({ userName: 'svc-billing' })).toBe('keyturn/svc-billing');
});

test('every name that IAM allows becomes one that Secrets Manager allows, and its own', () => {
  const names = [...iamAllows].flatMap((a) => [...iamAllows].map((b) => `${a}${b}2C`));
  names.push(','.repeat(64), '2C', ',2C', '2C,', 'a,b', 'a2Cb', 'a.2Cb');
  const secrets = names.map((userName) => secretNameOf({ userName }));
  expect(secrets.filter((name) => !secretsManagerAllows.test(name))).toEqual([]);
  expect(new Set(secrets).size).toBe(new Set(names).size);
});
