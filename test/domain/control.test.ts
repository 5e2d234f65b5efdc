/** Which control a finding is about, by standard, version and number. */
import { describe, expect, it } from 'vitest';
import { type ControlNames, controlOf } from '../../domain/control.ts';

const cis = (version: string) => `cis-aws-foundations-benchmark/v/${version}`;
const subscription = (standard: string) =>
  `arn:aws:securityhub:us-east-1:111122223333:subscription/${standard}`;

/** A standard's number said twice, as findings without consolidation do. */
const twice = (standard: string, number: string): ControlNames => ({
  generatorId: `${standard}/${number}`,
  standardArn: subscription(standard),
  number,
});

const keyAge: readonly [string, ControlNames, string][] = [
  ['FSBP', twice('aws-foundational-security-best-practices/v/1.0.0', 'IAM.3'), 'IAM.3'],
  ['NIST 800-53', twice('nist-800-53/v/5.0.0', 'IAM.3'), 'IAM.3'],
  ['PCI DSS 4', twice('pci-dss/v/4.0.1', 'IAM.3'), 'IAM.3'],
  ['Control Tower', { generatorId: 'service-managed-aws-control-tower/v/1.0.0/IAM.3' }, 'IAM.3'],
  ['consolidated', { generatorId: 'security-control/IAM.3', securityControlId: 'IAM.3' }, 'IAM.3'],
  ['consolidated, by its id alone', { securityControlId: 'IAM.3' }, 'IAM.3'],
  ['an id alone', { number: 'IAM.3' }, 'IAM.3'],
  ['CIS 1.2.0', { generatorId: `arn:aws:securityhub:::ruleset/${cis('1.2.0')}/rule/1.4` }, '1.4'],
  [
    'CIS 1.2.0 by guide and rule',
    { standardArn: `arn:aws:securityhub:::ruleset/${cis('1.2.0')}`, number: '1.4' },
    '1.4',
  ],
  ['CIS 1.4.0', twice(cis('1.4.0'), '1.14'), '1.14'],
  ['CIS 3.0.0', twice(cis('3.0.0'), '1.14'), '1.14'],
  [
    'CIS 3.0.0 with IAM.3 besides',
    { ...twice(cis('3.0.0'), '1.14'), securityControlId: 'IAM.3' },
    '1.14',
  ],
  ['CIS 5.0.0', twice(cis('5.0.0'), '1.13'), '1.13'],
  [
    'a CIS version to come, whose number only the general id explains',
    { ...twice(cis('7.0.0'), '2.9'), securityControlId: 'IAM.3' },
    'IAM.3',
  ],
];

const other: readonly [string, ControlNames][] = [
  ['FSBP IAM.5', twice('aws-foundational-security-best-practices/v/1.0.0', 'IAM.5')],
  ['PCI DSS 3.2.1 PCI.IAM.3, about policies', twice('pci-dss/v/3.2.1', 'PCI.IAM.3')],
  ['IAM.30', { generatorId: 'security-control/IAM.30' }],
  ['CIS 1.2.0/1.14', twice(cis('1.2.0'), '1.14')],
  ['CIS 1.4.0/1.4, about the root user', twice(cis('1.4.0'), '1.4')],
  ['CIS 1.4.0/1.13', twice(cis('1.4.0'), '1.13')],
  ['CIS 3.0.0/1.13', twice(cis('3.0.0'), '1.13')],
  ['CIS 5.0.0/1.14', twice(cis('5.0.0'), '1.14')],
  ['CIS 5.0.0/1.4', twice(cis('5.0.0'), '1.4')],
  ['an unknown version of CIS', twice(cis('7.0.0'), '1.14')],
  ['another standard with CIS-like numbers', twice('acme-benchmark/v/1.4.0', '1.14')],
  ['a number without a standard', { number: '1.14' }],
  ['no name at all', {}],
  ['a name of another form', { generatorId: 'IAM.3-like' }],
];

describe('controlOf', () => {
  it.each(keyAge)('given %s, then it is about the age of keys', (_, names, control) => {
    expect(controlOf(names)).toEqual({ is: 'key age', control });
  });

  it.each(other)('given %s, then it is another control', (_, names) => {
    expect(controlOf(names).is).toBe('other');
  });

  it('given names of different controls, then it says which contradict each other', () => {
    const names = { ...twice(cis('5.0.0'), '1.14'), securityControlId: 'IAM.3' };
    expect(controlOf(names)).toEqual({
      is: 'contradictory',
      problem:
        'Compliance.SecurityControlId names IAM.3 but GeneratorId names ' +
        'cis-aws-foundations-benchmark 5.0.0 1.14: they are different controls',
    });
  });

  it('given one number under two versions of CIS, then the version tells them apart', () => {
    const names = { ...twice(cis('1.4.0'), '1.14'), standardArn: subscription(cis('5.0.0')) };
    expect(controlOf(names).is).toBe('contradictory');
  });
});
