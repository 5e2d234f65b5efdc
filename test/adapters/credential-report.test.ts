/** The credential report: waited for, not too long; read row by row; never of another account. */
import { describe, expect, test } from 'vitest';
import { credentialReports } from '../../adapters/credential-report.ts';
import { parseCredentialReport } from '../../adapters/credential-report-rows.ts';
import { Permanent, Transient } from '../../domain/errors.ts';
import { instant, millisBetween } from '../../domain/instant.ts';
import { awsError } from '../../sandbox/account/service.ts';
import { virtualClock } from '../../sandbox/clock.ts';
import { account, given, otherAccount, start } from '../sandbox/account/given.ts';
import { type Answers, cannedAws, throttled } from './canned-aws.ts';

const owner = { partition: 'aws', account } as const;
const head =
  'user,arn,user_creation_time,access_key_1_active,access_key_1_last_rotated,' +
  'access_key_1_last_used_date,access_key_2_active,access_key_2_last_rotated,' +
  'access_key_2_last_used_date';
const arnOf = (name: string, path = '/') => `arn:aws:iam::${account}:user${path}${name}`;
const made = '2026-01-01T00:00:00+00:00';
const row = (name: string, first: string, second = 'false,N/A,N/A', path = '/') =>
  `${name},${arnOf(name, path)},${made},${first},${second}`;
const used = 'true,2026-01-02T03:04:05+00:00,2026-10-01T00:00:00Z';

const parse = (...rows: readonly string[]) =>
  parseCredentialReport([head, ...rows].join('\n'), owner);

describe('rows', () => {
  test('become users with both keys; the root user has none', () => {
    const keysOfRoot = `true,${made},no_information,false,N/A,N/A`;
    const root = `<root_account>,arn:aws:iam::${account}:root,${made},${keysOfRoot}`;
    expect(parse(root, row('svc-app', used, 'FALSE,N/A,N/A', '/apps/'))).toEqual({
      ok: true,
      value: {
        users: [
          {
            userName: 'svc-app',
            path: '/apps/',
            keys: [
              {
                ...{ slot: 1, active: true },
                rotatedAt: '2026-01-02T03:04:05.000Z',
                lastUsed: '2026-10-01T00:00:00.000Z',
              },
              { slot: 2, active: false, rotatedAt: 'unknown', lastUsed: 'none' },
            ],
          },
        ],
        problems: [],
      },
    });
  });

  test.each([
    ['N/A', 'none'],
    ['no_information', 'unknown'],
    ['not_supported', 'unknown'],
    ['', 'unknown'],
  ])('whose last use is %j say %s', (text, lastUsed) => {
    const read = parse(row('svc-app', `TRUE,${made},${text}`));
    expect(read).toMatchObject({ value: { users: [{ keys: [{ active: true, lastUsed }, {}] }] } });
  });

  test('are quoted as RFC 4180 says', () => {
    const name = 'a,b';
    const read = parse(`"${name}","${arnOf(name)}",${made},${used},false,N/A,N/A`);
    expect(read).toMatchObject({ value: { users: [{ userName: name }], problems: [] } });
  });

  test('may have more columns, in any order, with any line ends', () => {
    const text = `additional_credentials_info,${head}\r\n,${row('svc-app', used)}\r\n`;
    expect(parseCredentialReport(text, owner)).toMatchObject({
      value: { users: [{ userName: 'svc-app' }] },
    });
  });

  test('that make no sense are named with everything wrong, and hide no other', () => {
    const read = parse(
      row('svc-one', 'maybe,yesterday,N/A'),
      `svc-two,${arnOf('svc-three')},${made},${used},false,N/A,N/A`,
      'svc-torn,true',
      row('svc-app', used),
    );
    expect(read).toMatchObject({ ok: true, value: { users: [{ userName: 'svc-app' }] } });
    expect(read.ok && read.value.problems).toEqual([
      expect.stringMatching(/^row 2 \(svc-one\): access_key_1_active is "maybe"/),
      expect.stringMatching(/^row 2 \(svc-one\): access_key_1_last_rotated is "yesterday"/),
      expect.stringMatching(/^row 3 \(svc-two\): arn is .*svc-three/),
      'row 4 (svc-torn): it has 2 fields where the first line has 9',
    ]);
  });

  test.each([
    ['another account', row('x', used).replace(account, otherAccount)],
    ['another partition', row('x', used).replace('arn:aws:', 'arn:aws-cn:')],
    [
      'another account’s root',
      `<root_account>,arn:aws:iam::${otherAccount}:root,${made},${used},,,`,
    ],
  ])('of %s refuse the whole report', (_, foreign) => {
    expect(parse(row('svc-app', used), foreign)).toMatchObject({ ok: false });
  });

  test('without a column that is needed are refused, naming each', () => {
    expect(parseCredentialReport('user,arn\n', owner)).toMatchObject({
      ok: false,
      problems: expect.arrayContaining(['it has no column access_key_2_active']),
    });
    expect(parseCredentialReport('', owner).ok).toBe(false);
    expect(parseCredentialReport(`${head}\n"torn`, owner)).toMatchObject({
      problems: [expect.stringContaining('it is no CSV')],
    });
  });
});

const answer = (text: string) => ({
  Content: new TextEncoder().encode(text),
  ReportFormat: 'text/csv',
  GeneratedTime: new Date('2026-11-23T03:00:00Z'),
});

function canned(answers: Answers) {
  const aws = cannedAws(answers);
  const clock = virtualClock(instant('2026-11-23T05:00:00Z'));
  const byPlace = credentialReports(({ region }) => aws.connectionIn(region), 'eu-west-1', clock);
  return { ...aws, clock, read: () => byPlace.read('aws', account) };
}

describe('the report', () => {
  test('is asked for until it is there', async () => {
    const states = ['STARTED', 'INPROGRESS', 'COMPLETE'];
    const { read, calls, clock } = canned({
      GenerateCredentialReport: () => ({ State: states.shift() }),
      GetCredentialReport: () => answer([head, row('svc-app', used)].join('\n')),
    });
    const from = clock.now();
    expect(await read()).toMatchObject({
      generatedAt: '2026-11-23T03:00:00.000Z',
      users: [{ userName: 'svc-app' }],
      problems: [],
    });
    expect(calls.map(({ operation }) => operation)).toEqual([
      ...Array.from({ length: 3 }, () => 'GenerateCredentialReport'),
      'GetCredentialReport',
    ]);
    expect(millisBetween(from, clock.now())).toBe(10_000);
  });

  test.each([
    'CredentialReportExpiredException',
    'CredentialReportNotPresentException',
    'CredentialReportNotReadyException',
    'ReportInProgress',
  ])('that is gone again (%s) is asked for anew', async (name) => {
    let first = true;
    const { read } = canned({
      GenerateCredentialReport: () => ({ State: 'COMPLETE' }),
      GetCredentialReport: () => {
        if (!first) return answer(head);
        first = false;
        throw awsError(name, 'x', 410);
      },
    });
    expect(await read()).toMatchObject({ users: [] });
  });

  test('that never comes is given up after three minutes', async () => {
    const { read, clock } = canned({ GenerateCredentialReport: () => ({ State: 'INPROGRESS' }) });
    const from = clock.now();
    await expect(read()).rejects.toThrow(/has not made it within 180 s/);
    expect(millisBetween(from, clock.now())).toBe(180_000);
  });

  const fails = (error: Error) => ({
    GenerateCredentialReport: () => {
      throw error;
    },
  });
  test.each<[string, Answers, typeof Transient | typeof Permanent]>([
    ['too many', fails(awsError('LimitExceededException', 'x', 409)), Transient],
    ['a throttle', fails(throttled()), Transient],
    ['no permission', fails(awsError('AccessDenied', 'x', 403)), Permanent],
    ['an unknown state', { GenerateCredentialReport: () => ({ State: 'LATER' }) }, Permanent],
    [
      'another format',
      {
        GenerateCredentialReport: () => ({ State: 'COMPLETE' }),
        GetCredentialReport: () => ({ ...answer(head), ReportFormat: 'text/xml' }),
      },
      Permanent,
    ],
    [
      'a report of another account',
      {
        GenerateCredentialReport: () => ({ State: 'COMPLETE' }),
        GetCredentialReport: () =>
          answer([head, row('x', used).replaceAll(account, otherAccount)].join('\n')),
      },
      Permanent,
    ],
  ])('of which there is %s throws', async (_, answers, kind) => {
    await expect(canned(answers).read()).rejects.toThrow(kind);
  });
});

describe('in the sandbox', () => {
  test('it shows keys as they were when it was made, for four hours', async () => {
    const { cloud, clock, operator } = given();
    cloud.addUser({ account, userName: 'svc-a,b', createdAt: start });
    const reports = credentialReports(() => operator, 'eu-west-1', clock);
    const first = await reports.read('aws', account);
    expect(first.problems).toEqual([]);
    expect(first.users.map(({ userName }) => userName)).toEqual(['svc-a,b', 'svc-billing']);
    expect(first.users[1]?.keys).toMatchObject([{ active: true, lastUsed: 'none' }, {}]);
    cloud.addUser({ account, userName: 'svc-new', createdAt: start });
    expect((await reports.read('aws', account)).users).toHaveLength(2);
    await clock.sleep(4 * 3_600_000);
    expect((await reports.read('aws', account)).users).toHaveLength(3);
  });

  test('there is none until one is asked for, and none while it is made', async () => {
    const { cloud, clock } = given();
    const call = (operation: string) =>
      cloud.call({
        ...{ service: 'iam', operation, input: {}, region: 'us-east-1' },
        credentials: cloud.roleCredentials(account, 'operator', 'test'),
      });
    await expect(call('GetCredentialReport')).rejects.toThrow(/not present/);
    expect(await call('GenerateCredentialReport')).toMatchObject({ State: 'STARTED' });
    await expect(call('GetCredentialReport')).rejects.toThrow(/being generated/);
    expect(await call('GenerateCredentialReport')).toMatchObject({ State: 'INPROGRESS' });
    await clock.sleep(8000);
    expect(await call('GenerateCredentialReport')).toMatchObject({ State: 'COMPLETE' });
    await clock.sleep(4 * 3_600_000);
    await expect(call('GetCredentialReport')).rejects.toThrow(/expired/);
  });
});
