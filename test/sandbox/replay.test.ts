/** `npm run replay`: what each example event comes to, and what a wrong call is told. */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { type ReplayLine, replay } from '../../sandbox/replay.ts';
import { changed, eventNames, eventOf } from '../fixtures/events.ts';

async function linesOf(
  events: readonly { readonly file: string; readonly event: unknown }[],
  together = false,
): Promise<readonly ReplayLine[]> {
  const lines: ReplayLine[] = [];
  await replay(events, together, (line) => lines.push(line));
  return lines;
}

const claimed = [
  'config-china',
  'config-conformance-pack-rule',
  'config-first-evaluation',
  'config-govcloud',
  'config-non-compliant',
  'config-organization-rule',
  'config-security-hub-rule',
  'config-unknown-user',
  'hub-cis-1.2.0-unique-id',
  'hub-cis-1.4.0-path',
  'hub-cis-3.0.0-path',
  'hub-cis-5.0.0-path',
  'hub-consolidated',
  'hub-custom-action',
  'hub-custom-action-several',
  'hub-delegated-administrator',
  'hub-fsbp',
  'hub-govcloud',
  'hub-nist',
  'hub-two-findings',
  'hub-v2',
  'hub-v2-cis-5.0.0-path',
  'hub-v2-delegated-administrator',
  'hub-v2-govcloud',
];
const rejected = [
  'hub-one-bad-one-good',
  'hub-v2-contradictory',
  'malformed-config',
  'malformed-findings-not-a-list',
  'malformed-ssm-execution',
];

describe('replay of one event', () => {
  test.each(eventNames)('%s', async (name) => {
    const [line] = await linesOf([{ file: name, event: eventOf(name) }]);
    const expected = claimed.includes(name)
      ? 'claimed'
      : rejected.includes(name)
        ? 'rejected'
        : 'ignored';
    expect(line?.outcome, line?.reason).toBe(expected);
    expect(line?.problems.length !== 0).toBe(expected === 'rejected');
    expect(line?.reason).not.toBe('');
  });

  test('says which rotation was opened', async () => {
    const [line] = await linesOf([{ file: 'a', event: eventOf('hub-fsbp') }]);
    expect(line?.rotations).toHaveLength(1);
    expect(line?.rotations[0]).toMatchObject({ stage: 'proposed' });
    expect(line?.rotations[0]?.accessKeyId).toMatch(/^AKIA[A-Z0-9]{16}$/);
  });

  test('counts the good finding beside the bad one', async () => {
    const [line] = await linesOf([{ file: 'a', event: eventOf('hub-one-bad-one-good') }]);
    expect(line?.rotations).toHaveLength(1);
  });

  test.each([[null], [[]], ['text'], [7], [{}], [{ detail: null }], [{ detail: '{}' }]])(
    'answers %j without failing',
    async (event) => {
      const [line] = await linesOf([{ file: 'odd', event }]);
      expect(['rejected', 'ignored']).toContain(line?.outcome);
    },
  );
});

describe('replay of several events together', () => {
  test('gives one claim and joins for the same key from five standards and Regions', async () => {
    const regions = ['us-east-1', 'eu-west-1', 'eu-central-1', 'ap-southeast-2', 'us-west-2'];
    const events = regions.map((region, index) => {
      const arn =
        `arn:aws:securityhub:${region}:111122223333:subscription/aws-foundational-security-` +
        `best-practices/v/1.0.0/IAM.3/finding/00000000-0000-4000-8000-00000000000${index}`;
      const event = changed('hub-fsbp', {
        region,
        id: `00000000-0000-4000-8000-10000000000${index}`,
        'detail/findings/0/Id': arn,
        'detail/findings/0/Region': region,
        'detail/findings/0/ProductArn': `arn:aws:securityhub:${region}::product/aws/securityhub`,
      });
      return { file: region, event };
    });
    const lines = await linesOf(events, true);
    expect(lines.map(({ outcome, reason }) => [outcome, reason])).toEqual([
      ['claimed', expect.any(String)],
      ...Array.from({ length: 4 }, () => ['joined', expect.stringContaining('joins')]),
    ]);
    expect(new Set(lines.flatMap((line) => line.rotations.map((r) => r.accessKeyId))).size).toBe(1);
  });
});

describe('replay of events that name one user in several ways', () => {
  const user = 'detail/findings/0/Resources/0';
  const byName = changed('hub-fsbp', { [`${user}/Details`]: undefined });
  const byBoth = eventOf('hub-fsbp');

  test.each([
    ['by name first', [byName, byBoth]],
    ['by both first', [byBoth, byName]],
  ])('%s', async (_, events) => {
    const lines = await linesOf(
      events.map((event, index) => ({ file: String(index), event })),
      true,
    );
    expect(lines.map(({ outcome }) => outcome)).toEqual(['claimed', 'joined']);
  });
});

describe('replay of events whose parts are of several partitions', () => {
  test.each([
    [
      'a Config event',
      'config-non-compliant',
      { region: 'cn-north-1', 'detail/awsRegion': 'cn-north-1' },
    ],
    ['an envelope', 'hub-fsbp', { region: 'cn-north-1' }],
    ['a finding', 'hub-fsbp', { 'detail/findings/0/Region': 'us-gov-west-1' }],
    ['an id', 'hub-fsbp', { 'detail/findings/0/Id': 'arn:aws-cn:securityhub:cn-north-1:1:x' }],
    [
      'a custom action',
      'hub-custom-action',
      { resources: ['arn:aws-cn:securityhub:cn-north-1:111122223333:action/custom/keyturn'] },
    ],
  ])('%s is refused', async (_, name, changes) => {
    const [line] = await linesOf([{ file: name, event: changed(name, changes) }]);
    expect([line?.outcome, line?.rotations]).toEqual(['rejected', []]);
  });

  test('a Region alone says which partition it is', async () => {
    const event = changed('config-non-compliant', {
      region: 'us-gov-west-1',
      'detail/awsRegion': 'us-gov-west-1',
      'detail/configRuleARN': undefined,
    });
    const [line] = await linesOf([{ file: 'gov', event }]);
    expect(line?.outcome, line?.reason).toBe('claimed');
  });
});

test('replay of a finding of Control Tower’s own standard', async () => {
  const event = changed('hub-fsbp', {
    'detail/findings/0/GeneratorId': 'service-managed-aws-control-tower/v/1.0.0/IAM.3',
    'detail/findings/0/ProductFields': { ControlId: 'CT.IAM.3' },
  });
  const [line] = await linesOf([{ file: 'tower', event }]);
  expect(line?.outcome, line?.reason).toBe('claimed');
});

test('replay of an event that is nested too deeply to be kept', async () => {
  let detail: unknown = [];
  for (let depth = 0; depth < 20_000; depth++) detail = [detail];
  const [line] = await linesOf([
    { file: 'deep', event: { ...Object(eventOf('hub-fsbp')), detail } },
  ]);
  expect(line?.outcome).toBe('rejected');
});

describe('replay of every example together', () => {
  test('answers each of them', async () => {
    const events = eventNames.map((file) => ({ file, event: eventOf(file) }));
    const lines = await linesOf(events, true);
    expect(lines.map(({ file }) => file)).toEqual(eventNames);
    const taken = lines.filter(({ outcome }) => outcome === 'claimed' || outcome === 'joined');
    expect(taken.length).toBeGreaterThan(10);
  });
});

describe('the command line', () => {
  const run = (...args: string[]) =>
    spawnSync(process.execPath, args, {
      encoding: 'utf8',
      cwd: join(import.meta.dirname, '../..'),
    });
  const folder = mkdtempSync(join(tmpdir(), 'keyturn-'));
  const file = (name: string, content: string) => {
    const path = join(folder, name);
    writeFileSync(path, content);
    return path;
  };

  test('replay prints a JSON line for each file', () => {
    const good = file('good.json', JSON.stringify(eventOf('hub-fsbp')));
    const output = execFileSync(process.execPath, ['sandbox/replay.ts', good, good], {
      encoding: 'utf8',
    });
    const lines = output
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(lines.map(({ outcome }) => outcome)).toEqual(['claimed', 'claimed']);
  });

  test('replay says what is wrong with its files, and answers for the others', () => {
    const good = file('good.json', JSON.stringify(eventOf('hub-fsbp')));
    const broken = file('broken.json', '{"detail":');
    const nothing = file('nothing.json', '\n');
    const none = join(folder, 'none');
    const { status, stdout, stderr } = run('sandbox/replay.ts', none, broken, nothing, good);
    expect(status).toBe(2);
    expect(stderr).toMatch(/none cannot be read/);
    expect(stderr).toMatch(/broken\.json is not JSON/);
    expect(stderr).toMatch(/nothing\.json is empty/);
    const lines = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(lines.map(({ outcome }) => outcome)).toEqual(['rejected', 'rejected', 'claimed']);
  });

  test('start ends in peace when its reader has read enough', () => {
    const { status, stderr } = spawnSync(
      'sh',
      ['-c', '"$0" sandbox/start.ts | head -n 3', process.execPath],
      { encoding: 'utf8', cwd: join(import.meta.dirname, '../..') },
    );
    expect([status, stderr]).toEqual([0, '']);
  });

  test.each([
    ['sandbox/replay.ts', []],
    ['sandbox/replay.ts', ['--bogus']],
    ['sandbox/start.ts', ['--bogus']],
    ['sandbox/start.ts', ['extra']],
  ])('%s %j ends with the usage and status 2', (script, args) => {
    const { status, stderr } = run(script, ...args);
    expect(status).toBe(2);
    expect(stderr).toContain('Usage:');
  });
});
