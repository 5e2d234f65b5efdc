/** Hits joined with what is known: each place once, values beside their ids, the urgent first. */
import { describe, expect, it } from 'vitest';
import { discovered, type Hit, type KnownKey } from '../../domain/discovery.ts';
import { instant } from '../../domain/instant.ts';

const now = instant('2026-11-02T08:00:00Z');

const hit = (keyId: string | null, line: number | null, more: Partial<Hit> = {}): Hit => ({
  ...{ keyId, line, file: 'a.env', commit: null, foundBy: 'scan', encoded: false },
  ...more,
});

const known = (keyId: string, more: Partial<KnownKey> = {}): KnownKey => ({
  keyId,
  account: '111122223333',
  userName: 'ci',
  asOf: now,
  status: 'Active',
  createdAt: instant('2026-10-01T09:00:00Z'),
  owner: null,
  plan: null,
  secretArn: null,
  ...more,
});

describe('places', () => {
  it('are there once, whoever found them, by file and line', () => {
    const { keys } = discovered(
      [
        hit('K', 9),
        hit('K', 3, { foundBy: 'gitleaks', encoded: false }),
        hit('K', 3, { encoded: true }),
        hit('K', 3, { commit: 'abc' }),
        hit('K', null, { file: 'A' }),
      ],
      [],
      now,
    );
    expect(
      keys[0]?.places.map(({ file, line, commit, foundBy }) => [file, line, commit, foundBy]),
    ).toEqual([
      ['A', null, null, ['scan']],
      ['a.env', 3, 'abc', ['scan']],
      ['a.env', 3, null, ['gitleaks', 'scan']],
      ['a.env', 9, null, ['scan']],
    ]);
    expect(keys[0]?.places[2]?.encoded).toBe(false);
  });

  it.each([
    [30, 31, 31],
    [30, 30, 30],
    [30, 10, 10],
    [30, 50, 50],
    [30, 9, null],
    [30, 51, null],
  ])('an id at %i and a value at %i are a pair: %s', (id, value, valueAt) => {
    const { keys, valuesAlone } = discovered([hit('K', id), hit(null, value)], [], now);
    expect(keys[0]?.places[0]?.valueAt).toBe(valueAt);
    expect(valuesAlone.map(({ line }) => line)).toEqual(valueAt === null ? [value] : []);
  });

  it('the nearest value is the one, in the same file and commit', () => {
    const values = [10, 22, 29, 40].map((line) => hit(null, line));
    const elsewhere = [hit(null, 30, { file: 'b' }), hit(null, 30, { commit: 'abc' })];
    const { keys, valuesAlone } = discovered([...values, hit('K', 30), ...elsewhere], [], now);
    expect(keys[0]?.places[0]?.valueAt).toBe(29);
    expect(valuesAlone).toHaveLength(2);
  });
});

describe('keys', () => {
  it('come Active and oldest first, then Inactive, not known, deleted', () => {
    const old = instant('2025-01-01T00:00:00Z');
    const all = [
      known('gone', { status: 'deleted' }),
      known('off', { status: 'Inactive' }),
      known('young'),
      known('old', { createdAt: old }),
    ];
    const ids = ['gone', 'strange', 'off', 'young', 'old'];
    const { keys } = discovered(
      ids.map((id) => hit(id, 1)),
      all,
      now,
    );
    expect(keys.map(({ keyId }) => keyId)).toEqual(['old', 'young', 'off', 'strange', 'gone']);
    expect(keys.map(({ ageDays }) => ageDays)).toEqual([670, 31, 31, null, 31]);
    expect(keys[3]).toMatchObject({ known: null, replacement: null });
  });

  it('are named by the whole id, never by its end', () => {
    const { keys } = discovered([hit('XK', 1)], [known('K')], now);
    expect(keys[0]?.known).toBe(null);
  });

  it('have the secret that was issued, else the name that it will have', () => {
    const arn = 'arn:aws:secretsmanager:us-east-1:111122223333:secret:keyturn/ci-AbCdEf';
    const all = [known('K', { secretArn: arn }), known('L', { userName: 'a,b' })];
    const { keys } = discovered([hit('K', 1), hit('L', 2)], all, now);
    expect(keys.map(({ replacement }) => replacement)).toEqual([
      { is: 'issued', secret: arn },
      { is: 'to be issued', secret: 'keyturn/a/2Cb' },
    ]);
  });

  it('are as they were known last, with what only an earlier file tells', () => {
    const earlier = instant('2026-10-20T00:00:00Z');
    const all = [
      known('K', { status: 'deleted', createdAt: null, plan: 'It ended.' }),
      known('K', { asOf: earlier, owner: 'Olivia', plan: 'It is old.' }),
      known('L', { status: null, plan: null }),
      known('L', { asOf: earlier, status: 'Inactive', secretArn: 'arn' }),
    ];
    const { keys } = discovered([hit('K', 1), hit('L', 2)], all, now);
    expect(keys.map((key) => key.known)).toMatchObject([
      { keyId: 'L', status: 'Inactive', secretArn: 'arn' },
      { keyId: 'K', status: 'deleted', owner: 'Olivia', plan: 'It ended.' },
    ]);
  });
});
