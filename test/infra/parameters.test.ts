/** A stage's parameters are checked before anything is packaged, and more of them to deploy. */
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { packageStack } from './packaged-stack.ts';

const load = createRequire(import.meta.url);
const { problemsWith } = load(join(import.meta.dirname, '..', '..', 'infra', 'parameters.cjs')) as {
  readonly problemsWith: (values: object, command: string) => readonly string[];
};

const good = {
  customAction: 'keyturn',
  logDays: 400,
  policy: 'infra/policy/prod.yml',
  encryption: 'aws',
  keepOnRemoval: 'yes',
  reserveTick: 'yes',
  configRule: 'none',
  objectLockDays: 0,
  timeZone: 'Europe/Berlin',
  organization: 'o-exampleorgid',
  members: '111122223333, ou-ab12-11111111',
  slackTeam: 'T0000000001',
  slackChannel: 'C0000000001',
};

describe('the parameters of a stage', () => {
  test('given good ones, then nothing is wrong, to package or to deploy', () => {
    expect(problemsWith(good, 'package')).toEqual([]);
    expect(problemsWith(good, 'deploy')).toEqual([]);
  });

  test.each([
    ['customAction', 'key-turn'],
    ['logDays', 31],
    ['policy', '../prod.yml'],
    ['policy', 'infra/policy/prod.json'],
    ['encryption', 'none'],
    ['keepOnRemoval', 'true'],
    ['reserveTick', 1],
    ['configRule', 'weekly'],
    ['objectLockDays', -1],
    ['timeZone', 'Mars/Base'],
    ['organization', 'r-ab12'],
    ['members', '1111'],
    ['slackTeam', 'keyturn'],
    ['slackChannel', '#keyturn'],
  ])('given %s is %s, then it is refused by name', (name, value) => {
    const problems = problemsWith({ ...good, [name]: value }, 'package');
    expect(problems).toEqual([expect.stringContaining(`${name} is`)]);
    expect(problems[0]).toContain(`"${value}"`);
  });

  test('given several are wrong, then all are named', () => {
    const problems = problemsWith({ ...good, timeZone: '', logDays: 'x' }, 'package');
    expect(problems).toHaveLength(2);
  });

  test('given a unit but no organization, then its accounts could not be let in', () => {
    const problems = problemsWith({ ...good, organization: '' }, 'package');
    expect(problems).toEqual([expect.stringContaining('organization is empty')]);
    expect(problemsWith({ ...good, organization: '', members: '111122223333' }, 'package')).toEqual(
      [],
    );
  });

  test('given no Slack, then it may be packaged and not deployed', () => {
    const without = { ...good, slackTeam: '', slackChannel: '' };
    expect(problemsWith(without, 'package')).toEqual([]);
    expect(problemsWith(without, 'deploy')).toEqual([
      expect.stringContaining('slackTeam is empty'),
      expect.stringContaining('slackChannel is empty'),
    ]);
  });

  test('given a bad one, then packaging fails before anything is made', async () => {
    await expect(packageStack('dev', 'timeZone=Mars/Base')).rejects.toThrow('timeZone is not');
    await expect(packageStack('elsewhere')).rejects.toThrow('Value not found at "param" source');
  }, 60_000);
});
