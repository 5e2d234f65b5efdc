/** Who may forward events to the hub, and which. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import type { Resource } from './packaged-stack.ts';

const infra = join(import.meta.dirname, '..', '..', 'infra');

interface Variables {
  readonly resolveVariable: (name: string) => Promise<unknown>;
}

const inboundBus: (variables: Variables) => Promise<{ Resources: Record<string, Resource> }> =
  createRequire(import.meta.url)(join(infra, 'inbound-bus.cjs'));

const { params } = parse(readFileSync(join(infra, '..', 'serverless.yml'), 'utf8'));

/** The bus and its policies, with these parameters in stage prod. */
async function given(changes: Readonly<Record<string, unknown>>) {
  const told: Readonly<Record<string, unknown>> = {
    'sls:stage': 'prod',
    ...Object.fromEntries(
      Object.entries({
        ...params.default,
        ...params.prod,
        policy: 'infra/policy/prod.yml',
        slackTeam: '',
        slackChannel: '',
        organization: '',
        members: '',
        ...changes,
      }).map(([name, value]) => [`param:${name}`, value]),
    ),
  };
  const { Resources } = await inboundBus({ resolveVariable: async (name) => told[name] });
  return Resources;
}

const statementOf = (resource: Resource | undefined) => resource?.Properties.Statement;

describe('into the bus for members', () => {
  test('given neither organization nor accounts, then nobody from elsewhere may send', async () => {
    expect(Object.keys(await given({}))).toEqual(['InboundBus']);
  });

  test('given accounts, then they, and units among them are left to the organization', async () => {
    const resources = await given({
      organization: 'o-exampleorgid',
      members: '111122223333, ou-ab12-11111111',
    });
    expect(statementOf(resources.MembersMayForward).Principal).toEqual({
      // biome-ignore lint/suspicious/noTemplateCurlyInString: CloudFormation fills it in
      AWS: [{ 'Fn::Sub': 'arn:${AWS::Partition}:iam::111122223333:root' }],
    });
    expect(statementOf(resources.OrganizationMayForward)).toMatchObject({
      Principal: '*',
      Condition: { StringEquals: { 'aws:PrincipalOrgID': 'o-exampleorgid' } },
    });
  });

  test('comes what the rules on it take, and nothing else', async () => {
    const { OrganizationMayForward } = await given({ organization: 'o-exampleorgid' });
    const allowed = statementOf(OrganizationMayForward).Condition.StringEquals;
    const { Resources } = parse(readFileSync(join(infra, 'event-rules.yml'), 'utf8'));
    const taken = (field: string) =>
      new Set(
        Object.values<Resource>(Resources).flatMap(
          ({ Properties }) => Properties.EventPattern[field],
        ),
      );
    expect(new Set(allowed['events:source'])).toEqual(taken('source'));
    expect(new Set(allowed['events:detail-type'])).toEqual(taken('detail-type'));
  });
});
