/** Every standard and version, in both formats and every partition; the same number elsewhere. */
import { describe, expect, test } from 'vitest';
import { eventReader } from '../../adapters/inbound-event.ts';
import type { Inbound } from '../../domain/inbound.ts';
import type { Partition } from '../../domain/key.ts';
import { changed, eventOf } from '../fixtures/events.ts';
import { asffOf, moved, named, ocsfOf, regions } from '../fixtures/standards.ts';

const read = (event: unknown, partition: Partition): Inbound =>
  eventReader({ partition, customAction: 'keyturn' })(event);

const inShort = (inbound: Inbound) =>
  inbound.kind === 'findings' && inbound.rejected.length === 0
    ? inbound.reports.map(({ partition, account, user, finding }) => ({
        partition,
        account,
        user,
        where: `${finding.source} ${finding.account} ${finding.region}`,
        control: 'control' in finding ? finding.control : Reflect.get(finding, 'ruleName'),
      }))
    : inbound;

const ciRunner = { by: 'both', userId: 'AIDAIOSFODNN7EXAMPLE', userName: 'ci-runner' };

describe.each(regions)('in %s', (partition, region) => {
  const report = (control: string, source: string) => ({
    partition,
    account: '111122223333',
    user: ciRunner,
    where: `${source} 111122223333 ${region}`,
    control,
  });

  test.each(named)('ASFF: $standard $number, key age: $keyAge', (control) => {
    const event = moved(asffOf(control), partition, region);
    const expected = control.keyAge ? [report(control.number, 'security hub')] : [];
    expect(inShort(read(event, partition))).toEqual(expected);
  });

  test.each(named)('OCSF: $standard $number, key age: $keyAge', (control) => {
    const event = moved(ocsfOf(control), partition, region);
    const expected = control.keyAge ? [report(control.number, 'security hub v2')] : [];
    expect(inShort(read(event, partition))).toEqual(expected);
  });

  test('consolidated control findings', () => {
    const user = { by: 'both', userId: 'AIDACKCEVSQ6C2EXAMPLE', userName: 'report-mailer' };
    const asff = moved(eventOf('hub-consolidated'), partition, region);
    expect(inShort(read(asff, partition))).toEqual([{ ...report('IAM.3', 'security hub'), user }]);
    const ocsf = moved(eventOf('hub-v2'), partition, region);
    expect(inShort(read(ocsf, partition))).toEqual([report('IAM.3', 'security hub v2')]);
  });

  test('a Config rule', () => {
    const event = moved(eventOf('config-non-compliant'), partition, region);
    expect(inShort(read(event, partition))).toEqual([
      {
        ...report('access-keys-rotated', 'config'),
        user: { by: 'id', userId: 'AIDAIOSFODNN7EXAMPLE' },
      },
    ]);
  });

  test.each(['hub-fsbp', 'hub-v2', 'config-non-compliant'])(
    '%s of another partition is refused',
    (name) => {
      const [other] = regions.filter(([each]) => each !== partition);
      const inbound = read(moved(eventOf(name), partition, region), other?.[0] ?? 'aws');
      expect(inbound.kind).toBe('rejected');
    },
  );
});

describe('what an OCSF finding may name besides', () => {
  const control = (value: string, standards: readonly string[], uid?: string) =>
    read(
      changed('hub-v2', {
        'detail/findings/0/compliance/control': value,
        'detail/findings/0/compliance/standards': standards,
        ...(uid === undefined ? {} : { 'detail/findings/0/finding_info/uid': uid }),
      }),
      'aws',
    );
  const bare = '8c4b7f689d35377f5ac8d5f317c620058b54029ee4a56a644e6e88c87ac19a60';
  const [cis14, cis3, cis5] = ['1.4.0', '3.0.0', '5.0.0'].map(
    (version) => `standards/cis-aws-foundations-benchmark/v/${version}`,
  ) as [string, string, string];

  test.each([
    ['IAM.3 under no standard', 'IAM.3', []],
    ['IAM.3 under every standard', 'IAM.3', [cis14, cis5, 'standards/nist-800-53/v/5.0.0']],
    ['a number that both versions give it', '1.14', [cis14, cis3]],
    ['a number that CIS alone explains', '1.13', ['standards/nist-800-53/v/5.0.0', cis5]],
    ['its whole name', 'cis-aws-foundations-benchmark/v/5.0.0/1.13', []],
    ['its ARN', 'arn:aws:securityhub:us-east-1:111122223333:security-control/IAM.3', []],
  ])('given %s, then it is about the age of keys', (_, value, standards) => {
    expect(control(value, standards, bare)).toMatchObject({ reports: [{}], rejected: [] });
  });

  test('given a number that versions give to different controls, then it is rejected', () => {
    expect(control('1.14', [cis14, cis5], bare)).toMatchObject({
      reports: [],
      rejected: [{ problems: [expect.stringContaining('they are different controls')] }],
    });
  });

  test('given a number of no standard, then it is no control at all', () => {
    expect(control('1.14', [], bare)).toMatchObject({
      ignored: ['it is about another control: no control'],
    });
  });

  test('given an id of another control, then it is rejected', () => {
    const uid = 'arn:aws:securityhub:us-east-1:111122223333:security-control/IAM.5/finding/a1';
    expect(control('IAM.3', [], uid)).toMatchObject({
      rejected: [
        {
          problems: [
            "detail.findings[0]: compliance.control names IAM.3 but the finding's id names " +
              'IAM.5: they are different controls',
          ],
        },
      ],
    });
  });
});
