/**
 * Which requirements of which standards a report says something about, and what it says nothing
 * of. The wording of the requirements is ours; their numbers follow AWS Security Hub where it maps
 * its control IAM.3, and the standards themselves elsewhere. None of it is a claim of compliance.
 * https://docs.aws.amazon.com/securityhub/latest/userguide/iam-controls.html#iam-3 (2026-11)
 */

export interface ControlMapping {
  readonly standard: string;
  /** The numbers of its requirements. */
  readonly requirements: string;
  /** What they ask for, in short. */
  readonly asks: string;
  readonly shows: string;
  readonly doesNotShow: string;
}

/** What stands above the table wherever it is shown. */
export const mappingNote =
  'No report says that a standard is met: that is for its auditor to judge, by more than this.';

export const controlMappings: readonly ControlMapping[] = [
  {
    standard: 'CIS AWS Foundations Benchmark',
    requirements: '1.2.0: 1.4; 1.4.0 and 3.0.0: 1.14; 5.0.0: 1.13',
    asks: 'Active access keys of IAM users are rotated every 90 days or less.',
    shows:
      'Each key that was claimed as stale: when it was created, when its replacement was issued, ' +
      'when it was switched off and deleted, or why not.',
    doesNotShow:
      'That no other stale key exists: keys that nobody reported, of accounts that are not ' +
      'served, of users who are exempt or only observed, and of the root user.',
  },
  {
    standard: 'AWS Foundational Security Best Practices',
    requirements: 'IAM.3',
    asks: 'Access keys of IAM users are rotated every 90 days or less.',
    shows:
      'What became of each finding that was claimed; the journal has every note that was sent ' +
      'to Security Hub.',
    doesNotShow:
      'What Security Hub says of the control now: it checks by itself, and a finding that was ' +
      'resolved opens again while its user is NON_COMPLIANT.',
  },
  {
    standard: 'SOC 2 (Trust Services Criteria 2017, revised 2022)',
    requirements: 'CC6.1',
    asks: 'Logical access is protected by controls over, among others, credentials.',
    shows:
      'That stale credentials were replaced or removed, by whose approval, on which evidence ' +
      'that nobody used them any more.',
    doesNotShow:
      'Any other control of access, the strength of authentication, and where an application ' +
      'keeps a key once it has read it.',
  },
  {
    standard: 'SOC 2 (Trust Services Criteria 2017, revised 2022)',
    requirements: 'CC6.2, CC6.3',
    asks: 'Credentials are issued to who is authorised, and removed when no longer needed.',
    shows: 'Who approved each new key, and that unused keys were retired.',
    doesNotShow:
      'That users were registered and authorised in the first place, that their permissions fit ' +
      'their role, and that leavers lose access.',
  },
  {
    standard: 'PCI DSS 4.0.1',
    requirements: '8.3.9',
    asks:
      'Passwords that are the only factor of authentication are changed at least every 90 days, ' +
      'or the security of accounts is analysed all the time.',
    shows:
      'How old each claimed key was and when it was changed. An access key is no password: ' +
      'Security Hub counts IAM.3 towards this requirement.',
    doesNotShow:
      'Which keys lie in the scope of cardholder data, further factors, and passwords of people.',
  },
  {
    standard: 'PCI DSS 4.0.1',
    requirements: '8.6.3',
    asks:
      'Passwords of application and system accounts are changed as often as a targeted risk ' +
      'analysis says, and when they may be compromised.',
    shows: 'How often keys of such users were changed, and by which policy.',
    doesNotShow:
      'The risk analysis itself, the strength of what is issued, and whether a compromise was ' +
      'noticed: Keyturn acts on age and disuse.',
  },
  {
    standard: 'ISO/IEC 27001:2022, Annex A',
    requirements: '5.17',
    asks: 'Authentication information is allocated and managed by a controlled process.',
    shows:
      'That process for access keys: claim, approval, issue into a vault, removal, each with ' +
      'who, when and why.',
    doesNotShow: 'Passwords and other authentication information, and how people handle theirs.',
  },
  {
    standard: 'ISO/IEC 27001:2022, Annex A',
    requirements: '8.2, 8.5',
    asks: 'Privileged access is restricted and managed; authentication is secure.',
    shows: 'Who approved, attested and forced what, and on which evidence a key was removed.',
    doesNotShow:
      'Who holds privileged access, whether it is reviewed, and whether access keys should be ' +
      'there at all: temporary credentials are better.',
  },
];
