/** Policy files: read whole, or refused with every problem, its place and what to do. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readPolicyFile } from '../../adapters/policy-file.ts';
import { defaultPolicy, policyProblems } from '../../domain/policy.ts';

const folder = join(import.meta.dirname, '..', '..', 'infra', 'policy');
const people = 'people: [{name: Ada, slackUserId: U1, roles: [approver]}]';

/** The problems of a file that has people as well, without its name. */
function problems(...lines: readonly string[]): readonly string[] {
  const read = readPolicyFile([...lines, people].join('\n'), 'p');
  return read.ok ? [] : read.problems.map((each) => each.replace(/^p:/, ''));
}

const twice = Array(2).fill('    - {kind: github-actions, repository: acme/web}');

describe('a file without problems', () => {
  test.each(['example', 'dev', 'staging', 'prod'])('%s.yml', (name) => {
    const text = readFileSync(join(folder, `${name}.yml`), 'utf8');
    expect(readPolicyFile(text, name)).toMatchObject({ ok: true });
    const [first = ''] = text.split('\n');
    expect(first).toBe('# yaml-language-server: $schema=../policy.schema.json');
  });

  test('the example comes to what it says', () => {
    const read = readPolicyFile(readFileSync(join(folder, 'example.yml'), 'utf8'), 'example');
    if (!read.ok) throw new Error(read.problems.join());
    const { defaults, rules, exemptions } = read.value;
    const zone = 'Europe/Berlin';
    const [tueToThu, monToFri] = [
      [2, 3, 4],
      [1, 2, 3, 4, 5],
    ];
    expect(defaults.window).toEqual([
      { days: tueToThu, from: '02:00', to: '05:00', timeZone: zone },
    ]);
    expect(rules.map(({ index, scope }) => [index, scope])).toEqual([
      [0, { unit: 'ou-ab12-11111111' }],
      [1, { accounts: ['111122223333', '444455556666'] }],
      [2, { accounts: ['111122223333'], path: '/ci/' }],
    ]);
    expect(rules[2]?.changes).toEqual({
      mode: 'auto',
      window: [
        { days: monToFri, from: '20:00', to: '06:00', timeZone: zone },
        { days: [1, 2, 3, 4, 5, 6, 7], from: '21:00', to: '05:00', timeZone: 'UTC' },
      ],
      healthCheck: 'keyturn-health-ci-login',
      unused: 'replace',
      vault: 'parameter-store',
      copies: [{ kind: 'github-actions', repository: 'acme/deploy' }],
      channel: 'C0000CITEAM',
      pagerDuty: 'ci-team',
    });
    expect(exemptions).toEqual([
      expect.objectContaining({
        index: 0,
        whom: { by: 'name', userName: 'break-glass' },
        from: '2026-11-01T00:00:00.000Z',
        until: '2027-05-01T00:00:00.000Z',
      }),
    ]);
    for (const { changes } of rules) {
      expect(policyProblems({ ...defaultPolicy, ...defaults, ...changes })).toEqual([]);
    }
  });

  test('may be JSON, even with tabs, and begin with a byte order mark', () => {
    const json = JSON.stringify({ defaults: { mode: 'observe' }, people: [] }, null, '\t');
    const text = `\uFEFF${json}`;
    expect(readPolicyFile(text, 'p')).toEqual({
      ok: true,
      value: { defaults: { mode: 'observe' }, rules: [], exemptions: [], people: [] },
    });
  });
});

test('the place is file, line and column, and the sentence says what to do', () => {
  const text = `${people}\nrules:\n  - match: {path: /ci/}\n    graceHours: 12\n`;
  expect(readPolicyFile(text, 'policy.yml')).toEqual({
    ok: false,
    problems: ['policy.yml:4:17: rules[0].graceHours is 12: set it to a number from 24 to 48'],
  });
});

describe('what stands alone', () => {
  const rule = (text: string) => ['rules:', `  - {match: {path: /a/}, ${text}}`];
  const known = /known here are mode, staleDays/;
  test.each<[readonly string[], string | RegExp]>([
    [
      ['defaults: {mode: yolo}'],
      '1:18: defaults.mode is "yolo": set it to observe, approve or auto',
    ],
    [
      ['defaults: {soakHours: 23}'],
      '1:23: defaults.soakHours is 23: set it to a number from 24 to 1800',
    ],
    [['defaults: {graceHours: 24.5}'], /set it to a whole number from 24 to 48$/],
    [['defaults: {graceHours: "36"}'], /graceHours is "36": set it to a number from 24 to 48$/],
    [['defaults: {graceHours: .nan}'], /graceHours is \.nan: set it to a number/],
    [
      ['defaults: {graceHours:}'],
      '1:23: defaults.graceHours is null: set it to a number from 24 to 48',
    ],
    [['defaults: {snoozeCapHours: 169}'], /set it to a number from 0 to 168$/],
    [['defaults: {selfApproval: yes}'], /selfApproval is "yes": set it to true or false$/],
    [
      ['defaults: {healthCheck: a b}'],
      /set it to the name of a Lambda function that begins with keyturn-health-, or null$/,
    ],
    [['defaults: {healthCheck: ci-login-check}'], /that begins with keyturn-health-, or null$/],
    [
      ['defaults: {copies: [{kind: s3, region: eu-west-1}]}'],
      /kind is "s3": set it to secrets-man/,
    ],
    [['defaults: {copies: [{kind: secrets-manager}]}'], /region is missing: set it to a Region/],
    [
      ['defaults: {copies: [{kind: parameter-store}]}'],
      /copies\[0\]\.region is missing: set it to a Region/,
    ],
    [
      ['defaults: {copies: [{kind: github-actions}]}'],
      /copies\[0\]\.repository is missing: set it to owner\/name/,
    ],
    [
      ['defaults: {copies: [{kind: github-actions, repository: https://github.com/acme/web}]}'],
      /repository is "https:\/\/github.com\/acme\/web": set it to owner\/name/,
    ],
    [
      ['defaults: {copies: [{kind: github-actions, repository: acme/web, accessKeyId: key-id}]}'],
      /accessKeyId is "key-id": write it in capital letters/,
    ],
    [
      ['defaults: {copies: [{kind: github-actions, repository: acme/web, region: eu-west-1}]}'],
      /copies\[0\] is .*: write it as \{kind: secrets-manager/,
    ],
    [
      ['defaults: {copies: [{kind: secrets-manager, region: eu-west-1, repository: acme/web}]}'],
      /copies\[0\] is .*: write it as \{kind: secrets-manager/,
    ],
    [
      ['defaults: {copies: [{kind: github-actions, repository: acme/web, acessKeyId: X}]}'],
      /acessKeyId is no field: did you mean accessKeyId\?$/,
    ],
    [
      ['defaults:', '  copies:', ...twice],
      /copies names secrets AWS_ACCESS_KEY_ID and .* twice: name each once$/,
    ],
    [['defaults: {approvers: []}'], /approvers is an empty list: list names or Slack/],
    [['defaults: {approvers: Ada}'], /approvers is "Ada": list names or Slack user ids/],
    [
      ['defaults: {graceHour: 30}'],
      '1:12: defaults.graceHour is no field: did you mean graceHours?',
    ],
    [['defaults: {GraceHours: 30}'], /did you mean graceHours\?$/],
    [['defaults: {constructor: 30}'], known],
    [['defaults: {__proto__: {mode: auto}}'], known],
    [['exceptions: []'], '1:1: exceptions is no field: did you mean exemptions?'],
    [['defaults: []'], '1:11: defaults is a list: write it as fields and values'],
    [['defaults: [{mode: auto}]'], '1:11: defaults is a list: write it as fields and values'],
    [['defaults: auto'], '1:11: defaults is "auto": write it as fields and values'],
    [['rules: {}'], '1:8: rules is an object: list rules'],
    [['rules: [{mode: auto}]'], /rules\[0\]\.match is missing: say whom the rule is for/],
    [['rules: [{match: {}, mode: auto}]'], /match is an object: name a unit, accounts or a path/],
    [['rules: [{match: {path: /a/}}]'], /rules\[0\] is an object: set at least one field/],
    [['rules: [{match: {path: /}, mode: auto}]'], /with a slash at both ends$/],
    [['rules: [{match: {path: a}, mode: auto}]'], /with a slash at both ends$/],
    [['rules: [{match: {unit: ou-1}, mode: auto}]'], /set it to an id such as ou-ab12-cdefgh34/],
    [['rules: [{match: {accounts: []}, mode: auto}]'], /list account ids in quotes$/],
    [
      ['rules: [{match: {accounts: [111122223333]}, mode: auto}]'],
      /write the account id in quotes/,
    ],
    [
      ['rules: [{match: {accounts: [0123456789]}, mode: auto}]'],
      /^1:29: rules\[0\]\.match\.accounts\[0\] is 0123456789: write the account id in quotes/,
    ],
    [rule('window: sometimes'), /window is "sometimes": write it as mon-fri 02:00-05:00 Europe/],
    [
      rule('window: mon 02:00-05:00 Mars/Base'),
      /it is Mars\/Base: name a zone such as Europe\/Berl/,
    ],
    [rule('window: mon 02:00-02:00 UTC'), /name two different times/],
    [
      rule('window: [mon 02:00-05:00 UTC, tue 02:00-05:00 UTC]'),
      /stays closed for more than 14 days/,
    ],
    [rule('window: [any time]'), /write it as mon-fri/],
    [rule('window: []'), /window is an empty list: write it as/],
  ])('%j', (lines, expected) => {
    const found = problems(...lines);
    expect(found).toEqual([
      typeof expected === 'string' ? expected : expect.stringMatching(expected),
    ]);
  });
});

describe('exemptions', () => {
  const exempt = (text: string) =>
    problems(`exemptions: [{account: '111122223333', by: N, ${text}}]`);
  const dates = 'from: 2026-11-01, until: 2027-11-02';
  test.each([
    [`user: x, reason: y, ${dates}`, []],
    [`path: /x/, reason: y, ${dates}`, []],
    [`uniqueId: AIDACKCEVSQ6C2EXAMPLE, reason: y, ${dates}`, []],
    [`user: x, ${dates}`, [/exemptions\[0\]\.reason is missing: say why$/]],
    [`user: x, reason: ' ', ${dates}`, [/reason is " ": say why$/]],
    ['user: x, reason: y, from: 2026-11-01', [/until is missing: write it as 2026-12-31/]],
    ['user: x, reason: y, until: 2026-11-01', [/from is missing: write it as 2026-12-31/]],
    ['user: x, reason: y, from: 2026-11-01, until: 2027-11-03', [/at most 366 days after from/]],
    ['user: x, reason: y, from: 2026-11-01, until: 2026-11-01', [/a moment after from/]],
    ['user: x, reason: y, from: 2026-11-01, until: 2027-02-29', [/a day that there is/]],
    ['user: x, reason: y, from: 2026-11-01, until: never', [/write it as 2026-12-31/]],
    [`reason: y, ${dates}`, [/name one of user, path and uniqueId/]],
    [`user: x, path: /x/, ${dates}`, [/reason is missing/, /name one of user, path and uniqueId/]],
    [`path: /, reason: y, ${dates}`, [/with a slash at both ends/]],
  ] as const)('%s', (text, expected) => {
    expect(exempt(text)).toEqual(expected.map((each) => expect.stringMatching(each)));
  });
});

describe('what contradicts itself', () => {
  test.each<[string, readonly string[], RegExp]>([
    [
      'two rules for the same users',
      [
        'rules:',
        '- {match: {accounts: ["111122223333", "444455556666"]}, mode: auto}',
        '- {match: {accounts: ["444455556666", "111122223333"]}, graceHours: 24}',
      ],
      /^3:11: rules\[1\]\.match is for the same users as rules\[0\] \(accounts .*\): make one/,
    ],
    [
      'a rule that never counts',
      [
        'rules:',
        '- {match: {accounts: ["111122223333"]}, mode: auto}',
        '- {match: {accounts: ["444455556666", "111122223333"]}, mode: observe, graceHours: 24}',
      ],
      /^2:3: rules\[0\] never counts: rules\[1\] .* comes later, and sets all that it sets$/,
    ],
    [
      'an approver who is nobody',
      ['defaults: {approvers: [Ada, Eve]}'],
      /^1:29: defaults\.approvers\[1\] is "Eve": add that person to people$/,
    ],
    [
      'an owner who is nobody',
      ['defaults: {owner: Eve}'],
      /^1:19: defaults\.owner is "Eve": add that person to people, or write tag$/,
    ],
    [
      'a warning after the key is stale',
      ['defaults: {warnDays: 90}'],
      /^1:22: defaults\.warnDays is 90: set it below staleDays, 90$/,
    ],
    [
      'a rule that overtakes the warning',
      ['rules: [{match: {path: /a/}, staleDays: 60}]'],
      /staleDays is 60 but warnDays is 80: set warnDays here as well, below it$/,
    ],
    [
      'approval by somebody who may not',
      [
        'rules:',
        '- {match: {path: /a/}, mode: approve, approvers: [Olu]}',
        'people: [{name: Olu, slackUserId: U2, roles: [owner]}]',
        '---: &x',
      ].slice(0, 2),
      /approvers\[0\] is "Olu": add that person/,
    ],
  ])('%s', (_, lines, expected) => {
    expect(problems(...lines)).toContainEqual(expect.stringMatching(expected));
  });

  test('rules that share accounts but not all of their fields are fine', () => {
    expect(
      problems(
        'rules:',
        '- {match: {accounts: ["111122223333"]}, mode: auto, soakHours: 30}',
        '- {match: {accounts: ["444455556666", "111122223333"]}, mode: observe}',
      ),
    ).toEqual([]);
  });

  const withPeople = (text: string) => {
    const read = readPolicyFile(text, 'p');
    return read.ok ? [] : read.problems;
  };

  test('people who share a name or an id', () => {
    const one = '{name: A, slackUserId: U1, roles: [approver]}';
    const two = '{name: A, slackUserId: U1, roles: []}';
    expect(withPeople(`people:\n- ${one}\n- ${two}\n`)).toEqual([
      'p:3:10: people[1].name is "A", as in people[0]: name each once',
      'p:3:26: people[1].slackUserId is "U1", as in people[0]: name each once',
    ]);
  });

  test('people who share an e-mail address, in whatever case, and what is none', () => {
    const person = (name: string, id: string, email: string) =>
      `- {name: ${name}, slackUserId: ${id}, email: ${email}, roles: [approver]}`;
    const alike = [person('A', 'U1', 'a@example.com'), person('B', 'U2', 'A@Example.com')];
    expect(withPeople(['people:', ...alike].join('\n'))).toEqual([
      expect.stringContaining('email is "A@Example.com", as in people[0]: name each once'),
    ]);
    expect(withPeople(['people:', person('A', 'U1', 'nobody')].join('\n'))).toEqual([
      expect.stringContaining('email is "nobody": write an e-mail address'),
    ]);
    const read = readPolicyFile(`people:\n${person('A', 'U1', 'a@example.com')}\n`, 'p');
    expect(read).toMatchObject({ ok: true, value: { people: [{ email: 'a@example.com' }] } });
  });

  test('approval that nobody can give', () => {
    const owner = 'people: [{name: A, slackUserId: U1, roles: [owner]}]';
    const why = 'is approve, and nobody of people may: give somebody the role approver';
    expect(withPeople(`defaults: {mode: approve}\n${owner}`)).toEqual([
      `p:1:18: defaults.mode ${why}`,
    ]);
    expect(withPeople(owner)).toHaveLength(1);
    expect(withPeople(`defaults: {mode: observe}\n${owner}`)).toEqual([]);
    expect(withPeople(`defaults: {selfApproval: true}\n${owner}`)).toEqual([]);
    const rule = 'rules: [{match: {path: /a/}, mode: approve}]';
    expect(withPeople(`defaults: {mode: auto}\n${rule}\n${owner}`)).toHaveLength(1);
  });

  test('somebody with a mistake is not reported as missing as well', () => {
    const text = 'defaults: {approvers: [Ada]}\npeople: [{name: Ada, slackUserId: ada, roles: []}]';
    expect(withPeople(text)).toEqual([
      expect.stringContaining('defaults.mode is approve'),
      expect.stringContaining('give that person a role'),
      expect.stringContaining('slackUserId is "ada"'),
    ]);
  });
});

test('everything wrong is told at once, in the order of the lines', () => {
  const found = problems(
    'defaults: {mode: yolo, gracehours: 1}',
    'rules:',
    '- {match: {path: /a/}, soakHours: 1, approvers: [Eve]}',
    'exemptions: [{}]',
  );
  expect(found.map((each) => Number(each.split(':')[0]))).toEqual([1, 1, 3, 3, 4, 4, 4, 4, 4, 4]);
});
