/** Parameter Store: names, versions, labels, pages, and that a ciphertext shows nothing. */
import {
  AddTagsToResourceCommand,
  DeleteParameterCommand,
  DescribeParametersCommand,
  GetParameterCommand,
  GetParameterHistoryCommand,
  GetParametersByPathCommand,
  LabelParameterVersionCommand,
  ListTagsForResourceCommand,
  PutParameterCommand,
  type PutParameterCommandInput,
  SSMClient,
  UnlabelParameterVersionCommand,
} from '@aws-sdk/client-ssm';
import { describe, expect, test } from 'vitest';
import { connect } from '../../../adapters/aws-connection.ts';
import { account, given, refusal, region } from './given.ts';

const Name = '/app/db';

/** The error's name alone. */
const refused = async (call: Promise<unknown>) => (await refusal(call)).split(' ')[0];

function opened() {
  const world = given();
  const client = connect(SSMClient, world.operator);
  const put = (Value: string, more: Partial<PutParameterCommandInput> = {}) =>
    client.send(new PutParameterCommand({ Name, Value, Type: 'SecureString', ...more }));
  const over = (Value: string, more: Partial<PutParameterCommandInput> = {}) =>
    put(Value, { Overwrite: true, ...more });
  const get = async (name = Name, WithDecryption = true) =>
    (await client.send(new GetParameterCommand({ Name: name, WithDecryption }))).Parameter;
  const label = (ParameterVersion: number, ...Labels: string[]) =>
    client.send(new LabelParameterVersionCommand({ Name, ParameterVersion, Labels }));
  const history = async () => {
    const answer = await client.send(new GetParameterHistoryCommand({ Name }));
    return answer.Parameters ?? [];
  };
  return { ...world, client, put, over, get, label, history };
}

describe('putting', () => {
  test('counts versions; without Overwrite an existing parameter is refused', async () => {
    const { put, over, get } = opened();
    expect(await put('one')).toMatchObject({ Version: 1, Tier: 'Standard' });
    expect(await refused(put('two'))).toBe('ParameterAlreadyExists');
    expect(await over('two')).toMatchObject({ Version: 2 });
    expect(await get()).toMatchObject({
      Value: 'two',
      Version: 2,
      Type: 'SecureString',
      ARN: `arn:aws:ssm:${region}:${account}:parameter/app/db`,
    });
    expect(await get(`${Name}:1`)).toMatchObject({ Value: 'one', Selector: ':1' });
    expect(await refused(get(`${Name}:3`))).toBe('ParameterVersionNotFound');
    expect(await refused(get('/app/other'))).toBe('ParameterNotFound');
  });

  test.each([
    ['a blank', '/app/d b'],
    ['an odd character', '/app/d+b'],
    ['a reserved prefix', '/aws/db'],
    ['another', 'ssm-db'],
    ['an empty level', '/app//db'],
    ['a hierarchy without a slash in front', 'app/db'],
    ['nothing', ''],
  ])('a name with %s is refused', async (_what, name) => {
    expect(await refused(opened().put('x', { Name: name }))).toBe('ValidationException');
  });

  test('so are deep hierarchies, no type, another type, large and empty values', async () => {
    const { put, over, client } = opened();
    const deep = '/a'.repeat(16);
    expect(await refused(put('x', { Name: deep }))).toBe('HierarchyLevelLimitExceededException');
    const untyped = client.send(new PutParameterCommand({ Name, Value: 'x' }));
    expect(await refused(untyped)).toBe('ValidationException');
    expect(await refused(put(''))).toBe('ValidationException');
    expect(await refused(put('é'.repeat(2049)))).toBe('ValidationException');
    expect(await put('é'.repeat(2048))).toMatchObject({ Version: 1 });
    expect(await refused(over('x', { Type: 'String' }))).toBe('HierarchyTypeMismatchException');
  });

  test('tags come with a new parameter only', async () => {
    const { put, over, client } = opened();
    const Tags = [{ Key: 'team', Value: 'billing' }];
    await put('one', { Tags });
    expect(await refused(over('two', { Tags }))).toBe('ValidationException');
    const resource = { ResourceType: 'Parameter', ResourceId: Name } as const;
    const more = [{ Key: 'stage', Value: 'dev' }];
    await client.send(new AddTagsToResourceCommand({ ...resource, Tags: more }));
    const { TagList } = await client.send(new ListTagsForResourceCommand(resource));
    expect(TagList).toEqual([...Tags, ...more]);
  });
});

describe('versions', () => {
  test('beyond 100 the oldest goes, unless it is labelled', async () => {
    const { put, over, label, get } = opened();
    await put('1');
    for (let n = 2; n <= 101; n++) await over(String(n));
    expect(await refused(get(`${Name}:1`))).toBe('ParameterVersionNotFound');
    expect(await get(`${Name}:2`)).toMatchObject({ Value: '2' });
    await label(2, 'keep');
    expect(await refused(over('102'))).toBe('ParameterMaxVersionLimitExceeded');
    expect(await get()).toMatchObject({ Value: '101' });
  });

  test('a label is on one version, moves, and comes off', async () => {
    const { put, over, label, get, client, history } = opened();
    await put('one');
    await over('two');
    await label(1, 'live');
    expect(await get(`${Name}:live`)).toMatchObject({ Value: 'one' });
    await label(2, 'live');
    expect((await history()).map(({ Labels }) => Labels)).toEqual([[], ['live']]);
    const off = { Name, ParameterVersion: 2, Labels: ['live', 'other'] };
    expect(await client.send(new UnlabelParameterVersionCommand(off))).toMatchObject({
      RemovedLabels: ['live'],
      InvalidLabels: ['other'],
    });
    expect(await refused(get(`${Name}:live`))).toBe('ParameterVersionNotFound');
  });

  test('labels that break the rules are listed and not attached', async () => {
    const { put, label, history } = opened();
    await put('one');
    const odd = ['AWSCURRENT', 'ssm-live', '1st', 'a b', 'x'.repeat(101)];
    expect(await label(1, 'good', ...odd)).toMatchObject({ InvalidLabels: odd });
    expect((await history())[0]?.Labels).toEqual(['good']);
    const eleven = Array.from({ length: 10 }, (_, n) => `l${n}`);
    expect(await refused(label(1, ...eleven))).toBe('ParameterVersionLabelLimitExceeded');
    expect(await refused(label(9, 'x'))).toBe('ParameterVersionNotFound');
  });

  test('a parameter that was deleted begins anew', async () => {
    const { put, over, client } = opened();
    await put('one');
    await over('two');
    await client.send(new DeleteParameterCommand({ Name }));
    expect(await put('three')).toMatchObject({ Version: 1 });
  });
});

test('pages of names are small; one of metadata may be empty although more follow', async () => {
  const { put, client } = opened();
  for (let n = 0; n < 12; n++) await put('x', { Name: `/app/p${n + 10}` });
  await put('x', { Name: '/app/p10/deeper' });
  const first = await client.send(new GetParametersByPathCommand({ Path: '/app' }));
  expect(first.Parameters).toHaveLength(10);
  const { NextToken } = first;
  const rest = await client.send(new GetParametersByPathCommand({ Path: '/app', NextToken }));
  expect(rest.Parameters?.map((each) => each.Name)).toEqual(['/app/p20', '/app/p21']);
  expect(rest.NextToken).toBeUndefined();
  const ParameterFilters = [{ Key: 'Name', Values: ['/app/p10'] }];
  const none = await client.send(new DescribeParametersCommand({ ParameterFilters }));
  expect(none).toMatchObject({ Parameters: [], NextToken: expect.any(String) });
  const token = none.NextToken;
  const one = await client.send(
    new DescribeParametersCommand({ ParameterFilters, NextToken: token }),
  );
  expect(one.Parameters).toMatchObject([{ Name: '/app/p10', Version: 1 }]);
});

describe('secrecy', () => {
  test('without decryption nothing shows the value, and no record of a call does', async () => {
    const { put, get, history, client, cloud } = opened();
    await put('SENTINEL');
    expect((await get(Name, false))?.Value).not.toContain('SENTINEL');
    expect(JSON.stringify(await history())).not.toContain('SENTINEL');
    const listed = await client.send(new GetParametersByPathCommand({ Path: '/app' }));
    expect(JSON.stringify(listed)).not.toContain('SENTINEL');
    expect(await get()).toMatchObject({ Value: 'SENTINEL' });
    await put('SENTINEL', { Overwrite: true });
    const { Type: _, ...untyped } = { Name, Value: 'SENTINEL', Overwrite: true, Type: undefined };
    await client.send(new PutParameterCommand(untyped));
    expect(JSON.stringify(cloud.history)).not.toContain('SENTINEL');
  });

  test('a String is no secret', async () => {
    const { put, get, cloud } = opened();
    await put('go', { Type: 'String' });
    expect(await get(Name, false)).toMatchObject({ Value: 'go', Type: 'String' });
    expect(cloud.history.at(0)?.input).toMatchObject({ Value: 'go' });
  });
});

test('what is not modelled fails by name', async () => {
  const { put, client } = opened();
  expect(await refused(put('x', { AllowedPattern: '.*' }))).toBe('NotModelled');
  expect(await refused(client.send(new DescribeParametersCommand({})))).toBe('NotModelled');
});
