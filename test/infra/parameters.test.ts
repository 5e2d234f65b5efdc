/**
 * What a stage is given is checked before anything is packaged, and more of it to deploy: its
 * parameters, the environment, the policy file.
 */
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { describe, expect, test, vi } from 'vitest';
import { parametersOf, stages } from '../../commands/stages.ts';
import { packageStack } from './packaged-stack.ts';

const load = createRequire(import.meta.url);
const { problemsWith } = load(join(import.meta.dirname, '..', '..', 'infra', 'parameters.cjs')) as {
  readonly problemsWith: (values: object, command: string) => readonly string[];
};

const stageIn: (asked: { readonly options: object }) => Promise<{ readonly name: string }> = load(
  join(import.meta.dirname, '..', '..', 'infra', 'checked-stage.cjs'),
);

const good = {
  customAction: 'keyturn',
  logDays: 400,
  policy: 'infra/policy/prod.yml',
  encryption: 'aws',
  keepOnRemoval: 'yes',
  drill: 'no',
  reserveTick: 'yes',
  connectionsIn: 'parameter-store',
  githubTokenIn: 'secrets-manager',
  connections: 'apart',
  configRule: 'none',
  objectLockDays: 0,
  timeZone: 'Europe/Berlin',
  summaryHour: '9',
  summaryDays: 'MON-FRI',
  userPaths: '/apps/, /ci/',
  scopeTag: 'keyturn:scope=yes',
  neverPaths: '/admins/',
  neverTag: 'keyturn:privileged=true',
  externalId: 'keyturn-prod',
  notMembers: '444455556666,ou-ab12-22222222,r-ab12',
  findingsAccount: '123456789012',
  findingsRegion: 'eu-west-1',
  organization: 'o-exampleorgid',
  // biome-ignore lint/suspicious/noTemplateCurlyInString: CloudFormation fills it in
  trailLogGroup: 'aws-cloudtrail-logs-${AWS::AccountId}',
  configQueries: 'account',
  trailTable: '',
  trailWorkgroup: '',
  trailFiles: '',
  trailResults: '',
  trailKeys: '',
  trailDays: 30,
  trailCycleMinutes: 60,
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
    ['drill', 'true'],
    ['reserveTick', 1],
    ['configQueries', 'all accounts'],
    ['configRule', 'weekly'],
    ['objectLockDays', -1],
    ['objectLockDays', 36_501],
    ['objectLockDays', 99_999],
    ['connectionsIn', 'vault'],
    ['connections', 'split'],
    ['userPaths', 'ci'],
    ['userPaths', '/apps'],
    ['userPaths', '/*'],
    ['neverPaths', 'admins/'],
    ['scopeTag', 'abc'],
    ['scopeTag', 'a=b,c=d'],
    ['neverTag', 'privileged=*'],
    ['externalId', 'x'],
    ['notMembers', 'foo'],
    ['findingsAccount', 12],
    ['findingsRegion', 'nowhere'],
    ['timeZone', 'Mars/Base'],
    ['summaryHour', 24],
    ['summaryDays', 'MON-FRY'],
    ['organization', 'r-ab12'],
    ['members', '1111'],
    ['slackTeam', 'keyturn'],
    ['slackChannel', '#keyturn'],
  ])('given %s is %s, then it is refused by name', (name, value) => {
    const problems = problemsWith({ ...good, [name]: value }, 'package');
    expect(problems).toEqual([expect.stringContaining(`${name} is`)]);
    expect(problems[0]).toContain(`"${value}"`);
  });

  test.each([
    ['trailLogGroup', 'a group'],
    // biome-ignore lint/suspicious/noTemplateCurlyInString: nothing else is filled in
    ['trailLogGroup', '${env:HOME}'],
    ['trailTable', 'trails."events"'],
    ['trailTable', 'Trails.events'],
    ['trailWorkgroup', 'a/b'],
    ['trailFiles', 's3://example-trail'],
    ['trailFiles', 'example-trail/*'],
    ['trailKeys', 'alias/trail'],
    ['trailDays', 0],
    ['trailDays', 91],
    ['trailCycleMinutes', 240],
  ])('of a trail to query: given %s is %s, then it is refused by name', (name, value) => {
    const problems = problemsWith({ ...good, [name]: value }, 'package');
    expect(problems).toContainEqual(expect.stringContaining(`${name} is not`));
  });

  test('of a trail to query: one source, with all that it needs and nothing idle', () => {
    const table = { trailTable: 'trails.events', trailWorkgroup: 'trails' };
    const whole = {
      ...table,
      trailFiles: 'example-trail/AWSLogs',
      trailResults: 'example-results',
    };
    const without = { ...good, trailLogGroup: '' };
    expect(problemsWith({ ...without, ...whole }, 'package')).toEqual([]);
    expect(problemsWith({ ...good, ...whole }, 'package')).toEqual([
      'trailLogGroup and trailTable: one of them is enough',
    ]);
    expect(problemsWith({ ...without, ...table }, 'package')).toHaveLength(2);
    expect(problemsWith({ ...without, ...whole, trailTable: '' }, 'package')).toHaveLength(3);
  });

  test('given drills beside members or with a key of our own, then that is said', () => {
    const alone = { ...good, drill: 'yes', members: '', encryption: 'aws' };
    expect(problemsWith(alone, 'package')).toEqual([]);
    const both = { ...alone, members: '444455556666', encryption: 'customer' };
    expect(problemsWith(both, 'package')).toEqual([
      expect.stringContaining('members are served too'),
      expect.stringContaining('encryption customer'),
    ]);
  });

  test('given drills in production, then the stage is refused', async () => {
    const drill = { options: { stage: 'prod', param: ['drill=yes'] } };
    await expect(stageIn(drill)).rejects.toThrow('stage prod: drill is yes');
    const elsewhere = { options: { stage: 'dev', param: ['drill=yes'] } };
    expect(await stageIn(elsewhere)).toEqual({ name: 'dev' });
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

  test('given no path at all, then / is asked for', () => {
    expect(problemsWith({ ...good, userPaths: ' , ' }, 'package')).toEqual([
      expect.stringContaining('userPaths names no path; / stands for every user'),
    ]);
  });

  test('given an unknown one, then it is refused, with what may have been meant', () => {
    expect(problemsWith({ ...good, tyop: 1, polcy: 'x' }, 'package')).toEqual([
      'there is no parameter tyop',
      'there is no parameter polcy: did you mean policy?',
    ]);
  });

  test('given a Region for findings but no account, then it would be ignored', () => {
    expect(problemsWith({ ...good, findingsAccount: '' }, 'package')).toEqual([
      expect.stringContaining('findingsAccount, which is empty'),
    ]);
  });

  test('given serverless.yml, then each of its parameters has a rule, and no other', () => {
    expect(stages()).toEqual(['dev', 'staging', 'prod']);
    for (const stage of stages()) {
      const values = parametersOf(stage, {});
      expect(Object.keys(values).toSorted()).toEqual(Object.keys(good).toSorted());
      expect(Object.values(values).join(' ')).not.toContain('${');
      expect(problemsWith(values, 'package')).toEqual([]);
    }
    expect(parametersOf('dev', { KEYTURN_MEMBERS: '111122223333' }).members).toBe('111122223333');
  });
});

describe('the stage', () => {
  /** As the packager asks, whose command is the second word. */
  const given = async (options: object, env: Readonly<Record<string, string>> = {}) => {
    const { argv } = process;
    process.argv = ['node', 'serverless', 'package'];
    try {
      for (const [name, value] of Object.entries(env)) vi.stubEnv(name, value);
      return (await stageIn({ options })).name;
    } finally {
      process.argv = argv;
      vi.unstubAllEnvs();
    }
  };

  test('is dev unless another one is named', async () => {
    expect(await given({})).toBe('dev');
    expect(await given({ stage: 'prod', param: ['userPaths=/a/', 'scopeTag=a=b'] })).toBe('prod');
  });

  test.each<[object, Readonly<Record<string, string>>, string]>([
    [{ stage: 'nope' }, {}, 'stage nope is none of dev, staging, prod'],
    [{ param: ['tyop=1'] }, {}, 'there is no parameter tyop'],
    [{ param: ['slackTeam='] }, {}, '--param="slackTeam=" is not of the form'],
    [{ param: ['logDays=30', 'logDays=31'] }, {}, 'logDays is none of'],
    [{}, { KEYTURN_NATIVE_PRIVILEGED: 'yes' }, 'KEYTURN_NATIVE_PRIVILEGED is none of'],
    [{}, { KEYTURN_MEMBERS: 'shop' }, 'members is not a comma-joined list'],
    [{ param: ['policy=infra/policy/none.yml'] }, {}, 'infra/policy/none.yml: the file cannot be'],
    [{ param: ['policy=infra/policy/../x.yml'] }, {}, 'infra/policy/../x.yml: the file cannot be'],
  ])('given %j and %j, then it is refused in a sentence', async (options, env, problem) => {
    const refusal = given(options, env);
    await expect(refusal).rejects.toThrow(problem);
    // The packager prints the stack: it has no lines of code.
    await expect(refusal).rejects.toSatisfy((error: Error) => !error.stack?.includes(' at '));
  });

  test('given all is wrong, then packaging fails, says all of it, and each once', async () => {
    const params = ['timeZone=Mars/Base', 'scopeTag=abc', 'policy=infra/policy/none.yml'];
    const words = await packageStack('dev', ...params).then(
      () => '',
      (error: Error) => error.message,
    );
    for (const each of ['timeZone is not', 'scopeTag is not', 'none.yml: the file cannot']) {
      expect(words.split(each)).toHaveLength(2);
    }
    expect(words).not.toMatch(/\n\s+at /);
    await expect(packageStack('elsewhere')).rejects.toThrow('stage elsewhere is none of dev,');
  }, 60_000);
});
