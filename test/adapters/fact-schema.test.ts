/**
 * The published JSON Schema of facts: current, true of all that is sent, false of what is damaged,
 * and of all that was ever sent under its version.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import { describe, expect, test } from 'vitest';
import { type FactJson, factJson } from '../../adapters/fact-json.ts';
import type { FactInSchema } from '../../adapters/fact-schema.ts';
import { factSchemaText, schemaCommand } from '../../commands/schema.ts';
import { playDemo } from '../../sandbox/demo.ts';
import { overlapping, rotationAt, rotationId, story } from '../builders.ts';

const repository = join(import.meta.dirname, '..', '..');
const published = join('docs', 'schemas', 'rotation-fact.v1.schema.json');
const schema = JSON.parse(factSchemaText());
const validate = new Ajv({ strict: true, allErrors: true }).compile(schema);

function problemsOf(fact: unknown): readonly string[] {
  validate(fact);
  return (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`);
}

const given = factJson({
  effectId: `${rotationId}/4/1`,
  rotation: rotationAt(overlapping()),
  news: 'New key …MPLE is there.',
  at: story.issued,
});

test(`the file is current: npm run --silent schema -- fact > ${published}`, () => {
  expect(readFileSync(join(repository, published), 'utf8')).toBe(factSchemaText());
  expect(schemaCommand(['fact'])).toEqual({
    ...{ status: 0, errors: [] },
    out: [factSchemaText().trimEnd()],
  });
});

test('the types agree: what is sent is what the schema describes', () => {
  const { deadlines, ...rest } = given;
  const described: FactInSchema = { ...rest, deadlines: { ...deadlines } };
  expect(described).toEqual(given);
});

test('the command knows no other', () => {
  for (const args of [['facts'], ['fact', 'policy'], ['toString'], ['--json']]) {
    expect(schemaCommand(args)).toMatchObject({ status: 2, out: [] });
  }
});

test('every field of a fact is described, and none that is not sent', () => {
  const fields = Object.entries<{ description?: string }>(schema.properties);
  expect(fields.map(([name]) => name)).toEqual(Object.keys(given));
  for (const [name, { description }] of fields) expect(description, name).toMatch(/\w.*\.$/u);
});

test('every fact of a whole story is as the schema says', async () => {
  const { world } = await playDemo();
  const { published: messages, busEvents } = world.cloud;
  const facts = messages.map(({ message }) => JSON.parse(message));
  expect(facts.length).toBeGreaterThan(30);
  expect(busEvents).toHaveLength(facts.length);
  const said = [...facts, ...busEvents.map(({ detail }) => detail)];
  expect(said.flatMap(problemsOf)).toEqual([]);
});

test('what was sent under this version stays as the schema says', () => {
  const file = join(repository, 'test', 'fixtures', 'facts', 'v1.json');
  const facts: readonly FactJson[] = JSON.parse(readFileSync(file, 'utf8'));
  expect(facts.length).toBeGreaterThan(20);
  expect(facts.flatMap(problemsOf)).toEqual([]);
  // Subscribers of then find every field that they know, in what is sent today.
  const known = facts.flatMap((fact) => Object.keys(fact));
  expect(Object.keys(given)).toEqual(expect.arrayContaining([...new Set(known)]));
});

describe('refuses', () => {
  const { factId: _, ...withoutId } = given;
  test.each<readonly [string, unknown]>([
    ['nothing', null],
    ['a list', [given]],
    ['no fact id', withoutId],
    ['another version', { ...given, version: 2 }],
    ['a version in words', { ...given, version: '1' }],
    ['an id without a version', { ...given, factId: rotationId }],
    ['a moment without a zone', { ...given, at: '2026-11-02T08:00:00' }],
    ['a moment in another zone', { ...given, at: '2026-11-02T08:00:00.000+01:00' }],
    ['another stage', { ...given, stage: 'rotating' }],
    ['a whole key id', { ...given, oldKey: 'AKIAIOSFODNN7EXAMPLE' }],
    ['an account in digits', { ...given, account: 111122223333 }],
    ['a short account', { ...given, account: '1111' }],
    ['a secret that is no ARN', { ...given, secretArn: 'keyturn/svc-billing' }],
    ['a secret left out', { ...given, secretArn: undefined }],
    ['another outcome', { ...given, outcome: 'lost' }],
    ['an owner as an object', { ...given, owner: { name: 'Olu' } }],
    ['deadlines left out', { ...given, deadlines: undefined }],
    ['a deadline in seconds', { ...given, deadlines: { deactivateAt: 1_762_070_400 } }],
    ['version 0 of a rotation', { ...given, rotationVersion: 0 }],
    ['half a version of a rotation', { ...given, rotationVersion: 1.5 }],
  ])('%s', (_name, damaged) => {
    expect(problemsOf(given)).toEqual([]);
    expect(problemsOf(JSON.parse(JSON.stringify(damaged)))).not.toEqual([]);
  });

  test('no field that a later version of Keyturn adds', () => {
    const deadlines = { ...given.deadlines, reviewAt: 'soon' };
    expect(problemsOf({ ...given, team: 'payments', deadlines })).toEqual([]);
  });
});
