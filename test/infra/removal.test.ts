/**
 * What `serverless remove` leaves: where a stage keeps evidence, what holds some outlives the
 * stack. And the doctor looks for the names that the templates give.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { stageNames } from '../../app/doctor/names.ts';
import { packageStack, type Resource } from './packaged-stack.ts';

const repository = join(import.meta.dirname, '..', '..');

/** What a stack must not take with it. */
const holdsEvidence = new Set(['AWS::DynamoDB::Table', 'AWS::S3::Bucket', 'AWS::KMS::Key']);

type Kept = Resource & { readonly DeletionPolicy?: string; readonly UpdateReplacePolicy?: string };

/** Those that would go with the stack, by their logical ids. */
function lost(resources: Readonly<Record<string, Kept>>): readonly string[] {
  return Object.entries(resources)
    .filter(([id, { Type }]) => holdsEvidence.has(Type) && id !== 'ServerlessDeploymentBucket')
    .filter(([, { DeletionPolicy = 'Delete', UpdateReplacePolicy = 'Delete' }]) =>
      [DeletionPolicy, UpdateReplacePolicy].some((policy) => !policy.startsWith('Retain')),
    )
    .map(([id]) => id);
}

test('a table without a policy is lost, and so is one that is kept only on removal', () => {
  const table = { Type: 'AWS::DynamoDB::Table', Properties: {} };
  expect(lost({ Table: table })).toEqual(['Table']);
  expect(lost({ Table: { ...table, DeletionPolicy: 'Retain' } })).toEqual(['Table']);
  const kept = { ...table, DeletionPolicy: 'RetainExceptOnCreate', UpdateReplacePolicy: 'Retain' };
  expect(lost({ Table: kept, Topic: { Type: 'AWS::SNS::Topic', Properties: {} } })).toEqual([]);
});

const hasTable = existsSync(join(repository, 'infra', 'table.yml'));

describe.skipIf(!hasTable)('a stage that keeps evidence', () => {
  test('leaves table and bucket behind', async () => {
    const { resources } = await packageStack('prod');
    const types = Object.values(resources).map(({ Type }) => Type);
    expect(types).toContain('AWS::DynamoDB::Table');
    expect(types).toContain('AWS::S3::Bucket');
    expect(lost(resources)).toEqual([]);
    // What a failed first deployment made must go, or the next one finds the name taken.
    expect(resources.CodeBucket?.DeletionPolicy).toBe('RetainExceptOnCreate');
  }, 60_000);

  test('while a stage that keeps none leaves nothing, the code bucket included', async () => {
    const { resources } = await packageStack('dev');
    expect(lost(resources)).toContain('CodeBucket');
    expect(resources.CodeBucket?.UpdateReplacePolicy).toBe('Delete');
  }, 60_000);
});

/** Every template's text. */
function templates(): string {
  const infra = join(repository, 'infra');
  const files = readdirSync(infra, { recursive: true, encoding: 'utf8' }).filter((file) =>
    /\.(?:yml|cjs)$/.test(file),
  );
  const paths = [join(repository, 'serverless.yml'), ...files.map((file) => join(infra, file))];
  return paths.map((path) => readFileSync(path, 'utf8')).join('\n');
}

test('what the doctor looks for is what the templates name', () => {
  const text = templates();
  const names = stageNames('STAGE');
  const wanted = [
    ...names.handlers,
    ...names.failedQueues,
    names.custodian,
    names.witness,
    names.stopParameter,
    names.documentPrefix,
    ...(hasTable ? [names.table, ...names.doors, ...names.runbookRoles] : []),
  ];
  const absent = wanted.filter(
    (name) =>
      // biome-ignore lint/suspicious/noTemplateCurlyInString: Serverless fills it in
      !text.includes(name.replace('STAGE', '${sls:stage}')) &&
      // biome-ignore lint/suspicious/noTemplateCurlyInString: or JavaScript does
      !text.includes(name.replace('STAGE', '${stage}')),
  );
  expect(absent).toEqual([]);
});
