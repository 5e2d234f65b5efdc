/** Which files tell whose keys there are, and what is said of others. */
import { describe, expect, it } from 'vitest';
import { parseKnownKeys } from '../../adapters/known-keys.ts';
import { journalOf, reportOf, textOf } from '../evidence-reports.ts';
import { plantedKey } from '../planted.ts';

const { keyId, secret } = plantedKey('known');

describe('a plan', () => {
  const key = {
    account: '111122223333',
    userName: 'ci',
    keyId,
    status: 'Active',
    createdAt: '2026-01-02T03:04:05.000Z',
    owner: null,
    because: 'It is old.',
    more: 'is fine',
  };
  const at = '2026-11-02T08:00:00.000Z';

  it('gives its keys', () => {
    const { account, userName, status, createdAt } = key;
    const value = { keyId, account, userName, status, createdAt };
    expect(parseKnownKeys(JSON.stringify({ at, keys: [key] }))).toEqual({
      ok: true,
      value: [{ ...value, owner: null, asOf: at, plan: 'It is old.', secretArn: null }],
    });
  });

  it('has every problem named, and no value', () => {
    const bad = { ...key, account: secret, keyId: `${secret} `, status: 'Off', userName: '' };
    expect(parseKnownKeys(JSON.stringify({ at: secret, keys: [key, bad] }))).toEqual({
      ok: false,
      problems: [
        'the plan: at should be an ISO-8601 moment',
        'the plan: keys.1.account should be an account id',
        'the plan: keys.1.userName should be a user name',
        'the plan: keys.1.keyId should be the id of a key',
        'the plan: keys.1.status should be Active or Inactive',
      ],
    });
  });
});

describe('evidence', () => {
  it('tells of keys that are deleted, and of those that took their place', () => {
    const week = reportOf('2026-11-02', [journalOf('svc-billing-export')]);
    const [record] = week.rotations;
    const read = parseKnownKeys(textOf(week));
    expect(read.ok && read.value).toMatchObject([
      { keyId: record?.oldKeyId, status: 'deleted', owner: expect.any(String) },
      { keyId: record?.newKeyId, status: null, createdAt: null },
    ]);
    const arns = read.ok ? read.value.map(({ secretArn }) => secretArn) : [];
    expect(arns).toEqual([expect.stringContaining(':secret:keyturn/'), arns[0]]);
  });

  it('says of a key whose rotation did not delete it only where the rotation is', () => {
    const week = reportOf('2026-11-02', [journalOf('svc-legacy-sync')]);
    const read = parseKnownKeys(textOf(week));
    expect(read.ok && read.value[0]).toMatchObject({ status: null, plan: 'Its rotation is held.' });
  });
});

describe('another file', () => {
  it.each([
    [`{"Raw":"${secret}`, 'it is no JSON'],
    [`[{"Secret":"${secret}"}]`, 'it is neither what plan --json prints nor a report of evidence'],
    [`"${secret}"`, 'it is neither what plan --json prints nor a report of evidence'],
    ['null', 'it is neither what plan --json prints nor a report of evidence'],
  ])('is refused, and not quoted', (content, problem) => {
    expect(parseKnownKeys(content)).toEqual({ ok: false, problems: [problem] });
  });
});
