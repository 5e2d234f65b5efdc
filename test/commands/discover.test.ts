/** `npm run discover`: what it finds, whose it says it is, and that it shows no secret. */
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { memoryStore } from '../../adapters/memory-store.ts';
import { discoverCommand } from '../../commands/discover.ts';
import type { DiscoverReport } from '../../commands/discover-report.ts';
import { planCommand } from '../../commands/plan.ts';
import type { PlanReport } from '../../commands/plan-report.ts';
import { Transient } from '../../domain/errors.ts';
import type { KeyInFiles } from '../../domain/found-in-files.ts';
import { instant } from '../../domain/instant.ts';
import { awsError } from '../../sandbox/account/service.ts';
import { fleetBook, fleetStart, fleetWorld } from '../../sandbox/fleet.ts';
import { cannedAws } from '../adapters/canned-aws.ts';
import { journalOf, reportOf, textOf } from '../evidence-reports.ts';
import { hidingPlaces } from '../hiding-places.ts';
import { plantedKey, secretOf, tracesOf } from '../planted.ts';

const root = mkdtempSync(join(tmpdir(), 'discover-'));
afterAll(() => rmSync(root, { recursive: true }));

function put(file: string, content: string | Buffer): string {
  const path = join(root, file);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content);
  return path;
}

let watch = 0;
const deps = {
  clock: { now: () => instant('2026-11-02T08:00:00Z') },
  stopwatch: () => (watch += 500),
  onProgress: () => undefined,
  connection: cannedAws({}).connection,
  notesOf: () => memoryStore(),
  world: () => fleetWorld(fleetBook('approve', fleetStart)),
};
const run = (...args: readonly string[]) => discoverCommand(args, deps);

async function jsonOf(...args: readonly string[]): Promise<DiscoverReport> {
  const { out } = await run('--json', ...args);
  expect(out).toHaveLength(1);
  return JSON.parse(out[0] ?? '') as DiscoverReport;
}

const everything = async (...args: readonly string[]) => {
  const answers = [await run(...args), await run('--json', ...args)];
  return answers.flatMap(({ out, errors }) => [...out, ...errors]).join('\n');
};

const strange = plantedKey('nobody knows it');
const places = hidingPlaces(strange);
const repository = join(root, 'repository');
for (const { file, content } of places) put(join('repository', file), content);

describe('a planted repository', () => {
  it.each(places)('finds the key in $file, and its value', async (place) => {
    const { keys, valuesAlone } = await jsonOf(join(repository, place.file));
    expect(keys).toHaveLength(1);
    expect(keys[0]?.places).toEqual([
      {
        file: join(repository, place.file),
        line: place.line,
        commit: null,
        foundBy: ['scan'],
        encoded: place.encoded ?? false,
        valueAt: place.valueAt,
      },
    ]);
    expect(valuesAlone).toEqual([]);
  });

  it('finds all at once, each once', async () => {
    const { keys, scan, problems } = await jsonOf(repository);
    expect(keys[0]?.places.map(({ file }) => file).toSorted()).toEqual(
      places.map(({ file }) => join(repository, file)).toSorted(),
    );
    expect(scan).toMatchObject({ files: places.length, unread: [], overfull: [] });
    expect(problems).toEqual([]);
  });

  it('shows no secret and no whole id, neither plain nor in base64', async () => {
    const shown = await everything(repository);
    for (const trace of tracesOf(strange)) expect(shown).not.toContain(trace);
    expect(shown).toContain(`…${strange.keyId.slice(-4)}`);
  });

  it('says how fast it was, and ends with 1 as something was found', async () => {
    const { status, out, errors } = await run(repository);
    expect([status, errors]).toEqual([1, []]);
    expect(out.at(-1)).toMatch(/^1 key in 20 places\. Scanned 0\.0 MB in 20 files within 0\.5 s: /);
  });
});

const { out: planned } = await planCommand(['--sandbox', '--json']);

describe('joined with the inventory', () => {
  const plan = JSON.parse(planned[0] ?? '') as PlanReport;
  const used = plan.keys.find(({ userName }) => userName === 'one-used');
  const off = plan.keys.find(({ userName }) => userName === 'inactive-only');
  const tree = join(root, 'joined');
  put('joined/old.env', `AWS_ACCESS_KEY_ID=${off?.keyId}\n`);
  put('joined/used.env', `\nAWS_ACCESS_KEY_ID=${used?.keyId}\n`);
  put('joined/strange.env', `AWS_ACCESS_KEY_ID=${strange.keyId}\n`);
  const inventory = put('plan.json', planned[0] ?? '');

  it.each([['--sandbox'], ['--inventory', inventory]])(
    'tells whose it is, by %s',
    async (...how) => {
      const { keys } = await jsonOf(tree, ...how);
      expect(keys.map(({ userName }) => userName)).toEqual(['one-used', 'inactive-only', null]);
      expect(keys[0]).toMatchObject({
        key: `…${used?.keyId.slice(-4)}`,
        account: '111122223333',
        owner: 'Olivia Owens',
        status: 'Active',
        ageDays: 200,
        plan: 'It is 200 days old, stale at 90, last used within a day.',
        replacement: { is: 'to be issued', secret: 'keyturn/one-used' },
      });
    },
  );

  const recorded = async (noteFiles: (key: KeyInFiles) => Promise<void>, ...how: string[]) =>
    discoverCommand([tree, '--inventory', inventory, ...how], {
      ...deps,
      notesOf: (stage) => {
        expect(stage).toBe('prod');
        return { ...memoryStore(), noteFiles };
      },
    });

  it('is recorded for the rotations of a stage, as far as it is known whose it is', async () => {
    const noted: KeyInFiles[] = [];
    const note = async (key: KeyInFiles) => void noted.push(key);
    const { out } = await recorded(note, '--record', '--stage', 'prod');
    expect(out.at(-1)).toBe('Recorded 2 keys: their rotations heed it.');
    expect(noted.map(({ keyId }) => keyId)).toEqual([used?.keyId, off?.keyId]);
    expect(noted[0]).toMatchObject({
      ...{ partition: 'aws', account: '111122223333', more: 0 },
      places: [expect.stringMatching(/used\.env:2$/)],
    });
    const { out: json } = await recorded(note, '--record', '--stage', 'prod', '--json');
    expect(JSON.parse(json[0] ?? '')).toMatchObject({ recorded: 2 });
  });

  it('is recorded without a secret, even one in the name of a file', async () => {
    const noted: KeyInFiles[] = [];
    const { secret } = plantedKey('named in a file');
    const file = `AWS_SECRET_ACCESS_KEY=${secret.replaceAll('/', 'x')}.env`;
    const odd = put(`odd/${file}`, `AWS_ACCESS_KEY_ID=${used?.keyId}\n`);
    await discoverCommand([odd, '--inventory', inventory, '--record', '--stage', 'prod'], {
      ...deps,
      notesOf: () => ({
        ...memoryStore(),
        noteFiles: async (key) => void noted.push(key),
      }),
    });
    expect(noted).toHaveLength(1);
    expect(JSON.stringify(noted)).not.toContain(secret.replaceAll('/', 'x'));
  });

  it('says what could not be recorded, and records nothing unless asked', async () => {
    const fails = async () => {
      throw new Transient('the table did not answer');
    };
    const { status, errors } = await recorded(fails, '--record', '--stage', 'prod');
    expect([status, errors]).toEqual([1, Array(2).fill(expect.stringContaining('not recorded'))]);
    const { errors: none } = await recorded(fails);
    expect(none).toEqual([]);
  });

  it.each([
    ['needs --stage', '--record'],
    ['goes with --record', '--stage', 'prod'],
    ['is none of', '--record', '--stage', 'moon'],
    ['not with --sandbox', '--record', '--stage', 'prod', '--sandbox'],
  ])('says that it %s', async (why, ...how) => {
    const { status, errors } = await run(tree, ...how);
    expect([status, errors[0]]).toEqual([2, expect.stringContaining(why)]);
  });

  it('asks an account only where something was found, and says what it was denied', async () => {
    const clean = put('clean/notes.md', 'nothing');
    const how = ['--account', '111122223333'];
    expect(await run(clean, ...how)).toMatchObject({ status: 0, errors: [] });
    const denied = () => {
      throw awsError('AccessDenied', 'not authorized', 403);
    };
    const { connection } = cannedAws({ ListUsers: denied });
    const {
      status,
      out: lines,
      errors,
    } = await discoverCommand([tree, ...how], {
      ...deps,
      connection,
    });
    expect([status, errors.length, errors[0]]).toEqual([1, 1, expect.stringContaining('listing')]);
    expect(lines.join(' ')).toContain('nothing that was asked knows it');
  });

  it('tells people in lines of at most 100 columns', async () => {
    const { out: lines } = await run(tree, '--sandbox');
    const text = lines.join('\n').replaceAll(/\n\s+/g, ' ');
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(100);
    expect(text).toContain('111122223333/one-used, Active, 200 days, owner Olivia Owens');
    expect(text).toContain('Once it is rotated, read it from secret keyturn/one-used instead.');
    expect(text).toContain('nothing that was asked knows it');
  });

  it('knows by evidence that a key is deleted, and the secret that took its place', async () => {
    const entries = journalOf('svc-billing-export');
    const week = reportOf('2026-11-02', [entries]);
    const evidence = put('evidence.json', textOf(week));
    const [record] = week.rotations;
    put('rotated/a.env', `KEY=${record?.oldKeyId}\n`);
    put('rotated/b.env', `KEY=${record?.newKeyId}\n`);
    const { keys } = await jsonOf(join(root, 'rotated'), '--inventory', evidence);
    expect(keys).toMatchObject([
      { status: null, plan: expect.stringContaining('it belongs in its secret') },
      { status: 'deleted', userName: 'svc-billing-export', plan: 'Its rotation ended: rotated.' },
    ]);
    for (const { replacement } of keys) {
      expect(replacement).toEqual({
        is: 'issued',
        secret: expect.stringMatching(
          /^arn:aws:secretsmanager:.*:secret:keyturn\/svc-billing-export-/,
        ),
      });
    }
  });
});

describe('other scanners', () => {
  const key = plantedKey('seen by others');
  const git = { commit: 'a'.repeat(40), file: 'src/a.py', line: 7, repository: 'https://x/r' };
  const hog = put(
    'hog.jsonl',
    `${JSON.stringify({
      DetectorName: 'AWS',
      Raw: key.keyId,
      RawV2: `${key.keyId}:${key.secret}`,
      SourceMetadata: { Data: { Git: git } },
    })}\n`,
  );
  const leaks = put(
    'leaks.json',
    JSON.stringify([
      {
        RuleID: 'aws-access-token',
        File: 'x.env',
        StartLine: 3,
        Secret: key.keyId,
        Match: key.keyId,
      },
    ]),
  );
  const grep = put(
    'grep.txt',
    `x.env:3:AWS_ACCESS_KEY_ID=${key.keyId}\nx.env:4:aws_secret_access_key=${key.secret}\n`,
  );

  it('joins what they found to one key, each place once', async () => {
    const reports = ['--trufflehog', hog, '--gitleaks', leaks, '--git-secrets', grep];
    const { keys, problems } = await jsonOf(...reports);
    expect(problems).toEqual([]);
    expect(keys).toHaveLength(1);
    expect(keys[0]?.places).toMatchObject([
      { file: 'https://x/r/src/a.py', line: 7, commit: git.commit, foundBy: ['trufflehog'] },
      { file: 'x.env', line: 3, foundBy: ['git-secrets', 'gitleaks'], valueAt: 4 },
    ]);
    const shown = await everything(...reports);
    for (const trace of tracesOf(key)) expect(shown).not.toContain(trace);
  });

  it('may have names that would move the cursor: nothing of that is shown', async () => {
    const odd = put('odd\u001B[2J\nname.json', '{');
    const shown = await everything('--gitleaks', odd, '--inventory', put('inventory.json', '{}'));
    expect(shown).toContain('neither what plan --json prints');
    const { errors } = await run('--gitleaks', odd);
    expect(errors).toEqual([expect.stringMatching(/odd ?\[2J name\.json: it is no JSON$/)]);
    const { status } = await run(odd, '--inventory', odd);
    expect(status).toBe(1);
  });

  it('may have a byte order mark', async () => {
    const marked = put('marked.json', '\uFEFF[]');
    expect(await run('--gitleaks', marked)).toMatchObject({ status: 0, errors: [] });
  });

  it('quotes nothing of what it cannot read, nor of names that hold a secret', async () => {
    const broken = put(
      'broken.jsonl',
      `{"DetectorName": "${key.secret}\n{"SourceMetadata":"${key.secret}"}\n`,
    );
    const named = put(
      'named.json',
      JSON.stringify([
        { RuleID: 'aws', File: `secret_access_key=${key.secret}`, StartLine: 1, Secret: key.keyId },
        { RuleID: key.secret, File: { is: key.secret }, StartLine: key.secret },
      ]),
    );
    const reports = ['--trufflehog', broken, '--gitleaks', named, '--git-secrets', broken];
    const wrong = ['--trufflehog', leaks, '--gitleaks', hog, '--macie', hog, '--inventory', hog];
    const evidence = put('rotations.json', JSON.stringify({ rotations: [key], [key.keyId]: key }));
    const other = ['.', '--inventory', evidence];
    for (const args of [reports, wrong, wrong.slice(0, 6), other]) {
      const shown = await everything(...args);
      for (const trace of tracesOf(key)) expect(shown).not.toContain(trace);
    }
    const { errors } = await run(...reports);
    expect(errors).toContain(`${broken}: line 1: it is no JSON`);
    expect(errors).toContain(`${named}: finding 2: File should be the name of a file`);
  });

  it('lists what Macie saw, which names no key', async () => {
    const event = put(
      'macie.json',
      JSON.stringify({
        source: 'aws.macie',
        'detail-type': 'Macie Finding',
        detail: {
          id: 'finding-1',
          type: 'SensitiveData:S3Object/Credentials',
          accountId: '111122223333',
          region: 'us-east-1',
          createdAt: '2026-11-01T10:00:00Z',
          resourcesAffected: { s3Bucket: { name: 'backups' }, s3Object: { key: 'home/.env' } },
        },
      }),
    );
    const { status, out } = await run('--macie', event);
    expect(status).toBe(1);
    expect(out.join(' ')).toContain('Macie found credentials in s3://backups/home/.env');
  });
});

describe('a value without an id', () => {
  it('is listed, and nobody is named for it', async () => {
    const file = put('alone.env', `AWS_SECRET_ACCESS_KEY=${secretOf('alone')}\n`);
    const { keys, valuesAlone } = await jsonOf(file);
    expect(keys).toEqual([]);
    expect(valuesAlone).toMatchObject([{ file, line: 1 }]);
  });
});

describe('how it ends', () => {
  it('with 0 where there is nothing', async () => {
    const { status, errors } = await run(put('clean/readme.md', 'AKIA is how ids begin\n'));
    expect([status, errors]).toEqual([0, []]);
  });

  it('with 1 where something cannot be read', async () => {
    const { status, out } = await run(join(root, 'not-there'));
    expect(status).toBe(1);
    expect(out.join(' ')).toContain('it is not there');
    expect((await run('--gitleaks', join(root, 'not-there'))).errors[0]).toContain(
      'cannot be read',
    );
  });

  it.each([
    [],
    ['--nonsense'],
    ['--sandbox'],
    ['.', '--account', '123'],
    ['.', '--account', '111122223333', '--sandbox'],
  ])('with 2 and the usage for %s', async (...args) => {
    const { status, errors } = await run(...args);
    expect(status).toBe(2);
    expect(errors.join('\n')).toContain('usage: npm run --silent discover');
  });

  it('says what it left out, and stays in the tree', async () => {
    const outside = put('outside.env', `KEY=${strange.keyId}\n`);
    const tree = join(root, 'partly');
    put('partly/.git/config', `KEY=${strange.keyId}\n`);
    put('partly/node_modules/a/index.js', `KEY=${strange.keyId}\n`);
    put('partly/picture.png', Buffer.from(`\u0000\u0001\u0000\u0000${strange.keyId}`));
    symlinkSync(outside, join(tree, 'link.env'));
    symlinkSync(root, join(tree, 'up'));
    const { keys, scan } = await jsonOf(tree);
    expect(keys).toEqual([]);
    expect(scan.leftOut.map(({ why, count }) => [why, count]).toSorted()).toEqual([
      ["a version control's own folder", 1],
      ['binary', 1],
      ['installed packages', 1],
      ['symbolic link', 2],
    ]);
  });
});
