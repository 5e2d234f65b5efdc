/** The JSON Schema for editors: current, complete, and of one mind with the reader. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { readPolicyFile } from '../../adapters/policy-file.ts';
import { schemaText } from '../../commands/schema.ts';
import { defaultPolicy } from '../../domain/policy.ts';

const infra = join(import.meta.dirname, '..', '..', 'infra');
const schema = JSON.parse(schemaText());
const validate = new Ajv({ strict: false }).compile(schema);

test('the file is current: npm run --silent schema > infra/policy.schema.json', () => {
  expect(readFileSync(join(infra, 'policy.schema.json'), 'utf8')).toBe(schemaText());
});

test('every field is described, with unit or default, wherever it may stand', () => {
  const { defaults, rules, exemptions, people } = schema.properties;
  const fields = Object.entries<{ description?: string }>({
    ...defaults.properties,
    ...schema.properties,
    ...rules.items.properties,
    ...rules.items.properties.match.properties,
    ...exemptions.items.properties,
    ...people.items.properties,
  });
  expect(Object.keys(defaults.properties).toSorted()).toEqual(
    // Without rings there is none by default.
    [...Object.keys(defaultPolicy), 'ring'].toSorted(),
  );
  for (const [name, { description = '' }] of fields)
    expect(description, name).toMatch(/\w{3}.*\.$/);
  for (const [name, value] of Object.entries(defaultPolicy)) {
    const { description } = defaults.properties[name];
    expect(description, name).toContain(`Default: ${JSON.stringify(value)}.`);
    if (/Hours$/.test(name)) expect(description, name).toContain('Hours');
    if (/Days$/.test(name)) expect(description, name).toContain('Days');
  }
});

const person = '{name: Ada, slackUserId: U1, roles: [approver, admin]}';
const withRule = (rule: string) => `rules: [${rule}]\npeople: [${person}]`;
const withDefaults = (fields: string) => `defaults: {${fields}}\npeople: [${person}]`;
const withExemption = (fields: string) => `exemptions: [{${fields}}]\npeople: [${person}]`;
const dates = 'from: 2026-11-01, until: 2027-05-01T18:00:00+01:00';

describe('schema and reader agree', () => {
  test.each([
    `people: [${person}]`,
    `defaults: {mode: observe}\npeople: []`,
    withDefaults('mode: auto, staleDays: 60, warnDays: 50, graceHours: 24, soakHours: 1800'),
    withDefaults('window: any time, selfApproval: true, approvers: any, healthCheck: null'),
    withDefaults('window: sat+sun 22:00-24:00 America/Argentina/Buenos_Aires'),
    withDefaults('window: [daily 00:00-24:00 UTC, mon-fri 01:00-02:00 Etc/GMT+5]'),
    withDefaults('approvers: [Ada], unused: replace, privileged: rotate, sesSmtp: rotate'),
    withDefaults('vault: parameter-store, copies: [{kind: secrets-manager, region: eu-west-1}]'),
    withDefaults('copies: [{kind: parameter-store, region: eu-west-1}]'),
    withDefaults('copies: [{kind: github-actions, repository: acme/web}]'),
    withDefaults('copies: [{kind: github-actions, repository: acme/web, accessKeyId: KEY_ID}]'),
    withRule("{match: {accounts: ['111122223333'], path: /a/b/, unit: r-ab12}, mode: auto}"),
    withExemption(`account: '111122223333', user: x, reason: y, by: z, ${dates}`),
    withExemption(`account: '111122223333', path: /x/, reason: y, by: z, ${dates}`),
  ])('that this is right: %s', (text) => {
    expect(readPolicyFile(text, 'p')).toMatchObject({ ok: true });
    validate(parse(text));
    expect(validate.errors).toBeNull();
  });

  test.each([
    '',
    '[]',
    'people: {}',
    'defaults: {}',
    `defaults: []\npeople: []`,
    `people: [${person}]\nperson: []`,
    'people: [{name: Ada, slackUserId: ada, roles: [admin]}]',
    'people: [{name: Ada, slackUserId: U1, roles: [king]}]',
    'people: [{name: Ada, slackUserId: U1}]',
    withDefaults('mode: yolo'),
    withDefaults('graceHours: 49'),
    withDefaults('graceHours: 23'),
    withDefaults('graceHours: 30.5'),
    withDefaults('graceHours: "30"'),
    withDefaults('graceHours: null'),
    withDefaults('soakHours: 23'),
    withDefaults('snoozeCapHours: 169'),
    withDefaults('staleDays: 0'),
    withDefaults('window: always'),
    withDefaults('window: mon 25:00-26:00 UTC'),
    withDefaults('window: mon 02:00-05:00'),
    withDefaults('window: []'),
    withDefaults('approvers: []'),
    withDefaults('approvers: all'),
    withDefaults('healthCheck: ""'),
    withDefaults('selfApproval: yes'),
    withDefaults('copies: [{kind: s3, region: eu-west-1}]'),
    withDefaults('copies: [{kind: secrets-manager, region: Europe}]'),
    withDefaults('copies: [{kind: github-actions, repository: web}]'),
    withDefaults('copies: [{kind: github-actions, repository: acme/web, accessKeyId: key}]'),
    withDefaults('gracehours: 30'),
    withDefaults('constructor: 1'),
    withRule('{mode: auto}'),
    withRule('{match: {}, mode: auto}'),
    withRule('{match: {path: /a/}}'),
    withRule('{match: {path: a}, mode: auto}'),
    withRule('{match: {accounts: [111122223333]}, mode: auto}'),
    withRule('{match: {accounts: []}, mode: auto}'),
    withRule('{match: {unit: ou-1}, mode: auto}'),
    withRule('{match: {path: /a/, owner: x}, mode: auto}'),
    withExemption(`user: x, reason: y, by: z, ${dates}`),
    withExemption(`account: '111122223333', user: x, by: z, ${dates}`),
    withExemption("account: '111122223333', user: x, reason: y, by: z, from: 2026-11-01"),
    withExemption("account: '1', user: x, reason: y, by: z, from: 2026-13-01, until: 2026-14-01"),
  ])('that this is wrong: %s', (text) => {
    expect(readPolicyFile(text, 'p')).toMatchObject({ ok: false });
    expect(validate(parse(text))).toBe(false);
  });

  test('except on what a schema cannot say: dates, zones, sense', () => {
    for (const text of [
      withDefaults('window: mon 02:00-05:00 Mars/Base'),
      withDefaults('warnDays: 90'),
      withExemption(`account: '111122223333', user: x, path: /x/, reason: y, by: z, ${dates}`),
    ]) {
      expect(readPolicyFile(text, 'p')).toMatchObject({ ok: false });
      expect(validate(parse(text))).toBe(true);
    }
  });
});
