/** The example subscriber, on facts as the sandbox publishes them and a canned ECS. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import {
  type Ecs,
  restartOnRotation,
  tagKey,
} from '../../examples/restart-ecs-service/restart.mjs';
import { playDemo } from '../../sandbox/demo.ts';

const folder = join(import.meta.dirname, '..', '..', 'examples', 'restart-ecs-service');
const serviceArn = 'arn:aws:ecs:us-east-1:111122223333:service/prod/billing';
const { world } = await playDemo();

interface Told {
  readonly detailType: string;
  readonly detail: { readonly secretArn: string | null; readonly rotationId: string };
}
const events = world.cloud.busEvents.map(({ detailType, detail }) => ({
  source: 'keyturn',
  detailType,
  'detail-type': detailType,
  detail: detail as Told['detail'],
}));
const turned = events.find(({ detailType }) => detailType === 'Rotation Overlapping');
const secretArn = turned?.detail.secretArn ?? 'none';

let calls: (readonly [name: string, input: object])[];
let tags: { key: string; value: string }[];
let status: string;
let failing: string | null;

const canned: Ecs = {
  describeServices: async (input) => {
    called('describeServices', input);
    return { services: [{ serviceArn, status, tags }] };
  },
  updateService: async (input) => called('updateService', input),
  tagResource: async (input) => {
    called('tagResource', input);
    tags = input.tags;
  },
};

function called(name: string, input: object): void {
  calls.push([name, input]);
  if (failing === name) throw new Error(`${name} is throttled`);
}

beforeEach(() => {
  [calls, tags, status, failing] = [[], [], 'ACTIVE', null];
});

const where = { secretArn, cluster: 'prod', service: 'billing' };
const handler = restartOnRotation({ ...where, ecs: canned });
const restarts = () => calls.filter(([name]) => name === 'updateService').length;

describe('the service', () => {
  test('is restarted once in a whole story: when its own secret has turned', async () => {
    const ends = [];
    for (const event of events) ends.push(await handler(event));
    expect(ends.filter(({ restarted }) => restarted)).toHaveLength(1);
    expect(calls.filter(([name]) => name === 'updateService')).toEqual([
      ['updateService', { cluster: 'prod', service: 'billing', forceNewDeployment: true }],
    ]);
    expect(tags).toEqual([{ key: tagKey, value: turned?.detail.rotationId }]);
  });

  test('is not restarted by the same fact again, nor by the same stage later', async () => {
    await handler(turned);
    await handler(turned);
    const later = { ...turned?.detail, factId: 'another', rotationVersion: 99 };
    expect(await handler({ ...turned, detail: later })).toMatchObject({ restarted: false });
    expect(restarts()).toBe(1);
  });

  test('is restarted by the next rotation of its secret', async () => {
    await handler(turned);
    const rotationId = '00000000-0000-5000-8000-000000000000';
    await handler({ ...turned, detail: { ...turned?.detail, rotationId } });
    expect(restarts()).toBe(2);
  });

  test.each([
    ['another secret', { secretArn: `${secretArn}x` }],
    ['no secret', { secretArn: null }],
    ['another stage', { stage: 'soaking' }],
    ['another version of the form', { version: 2 }],
    ['no rotation', { rotationId: undefined }],
  ])('is left alone: %s', async (_, changes) => {
    const event = { ...turned, detail: { ...turned?.detail, ...changes } };
    expect(await handler(event)).toMatchObject({ restarted: false });
    expect(calls).toEqual([]);
  });

  test.each([undefined, {}, { source: 'aws.ecs', detail: turned?.detail }])(
    'is left alone by what is not Keyturn’s: %j',
    async (event) => {
      expect(await handler(event)).toMatchObject({ restarted: false });
      expect(calls).toEqual([]);
    },
  );
});

describe('a failure', () => {
  test.each(['describeServices', 'updateService', 'tagResource'])(
    'of %s is thrown',
    async (name) => {
      failing = name;
      await expect(handler(turned)).rejects.toThrow('throttled');
      failing = null;
      expect(await handler(turned)).toMatchObject({ restarted: true });
    },
  );

  test('a service that is gone is one', async () => {
    status = 'INACTIVE';
    await expect(handler(turned)).rejects.toThrow('prod has no active service billing');
    expect(restarts()).toBe(0);
  });
});

describe('the template', () => {
  const { Resources: all } = parse(readFileSync(join(folder, 'template.yml'), 'utf8'));

  test('lets it act on one service, and read no secret', () => {
    const [{ PolicyDocument }, ...others] = all.RestartRole.Properties.Policies;
    expect(others).toEqual([]);
    const actions = PolicyDocument.Statement.flatMap((each: { Action: string }) => each.Action);
    expect(actions.toSorted()).toEqual([
      'ecs:DescribeServices',
      'ecs:TagResource',
      'ecs:UpdateService',
      'logs:CreateLogStream',
      'logs:PutLogEvents',
      'sqs:SendMessage',
    ]);
    const resources = PolicyDocument.Statement.map((each: { Resource: unknown }) => each.Resource);
    expect(JSON.stringify(resources)).not.toContain('*');
  });

  test('takes the events that the handler acts on', () => {
    const { EventPattern: pattern } = all.Turned.Properties;
    expect(pattern.source).toEqual([turned?.source]);
    expect(pattern['detail-type']).toEqual([turned?.detailType]);
    expect(pattern.detail).toEqual({ version: [1], secretArn: [{ Ref: 'SecretArn' }] });
  });
});
