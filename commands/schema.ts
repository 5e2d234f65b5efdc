/**
 * Prints a JSON Schema, for editors and other tools: of policy files, or of the facts that
 * subscribers get by SNS and EventBridge.
 *
 *   npm run --silent schema > infra/policy.schema.json
 *   npm run --silent schema -- fact > docs/schemas/rotation-fact.v1.schema.json
 *
 * Of a policy it says what a schema can: that windows meet, days exist and rules make sense
 * together, only `npm run policy -- check` tells.
 */
import { toJsonSchema } from '@valibot/to-json-schema';
import type { GenericSchema } from 'valibot';
import { factSchema } from '../adapters/fact-schema.ts';
import { policyFileSchema } from '../adapters/policy-schema.ts';
import { type CommandAnswer, say } from './answer.ts';

/** The schema as the text of infra/policy.schema.json. */
export function schemaText(): string {
  return textOf(policyFileSchema, 'Keyturn policy');
}

/** The schema as the text of docs/schemas/rotation-fact.v1.schema.json. */
export function factSchemaText(): string {
  return textOf(factSchema, 'Keyturn rotation fact, version 1');
}

function textOf(form: GenericSchema, title: string): string {
  // What only code can check is left out of the schema.
  const { $schema, ...schema } = toJsonSchema(form, { target: 'draft-07', errorMode: 'ignore' });
  return `${JSON.stringify({ $schema, title, ...schema }, null, 2)}\n`;
}

const texts: Readonly<Record<string, () => string>> = { policy: schemaText, fact: factSchemaText };

/** Takes which one: `policy` unless said, or `fact`. */
export function schemaCommand(args: readonly string[]): CommandAnswer {
  const [which = 'policy', ...strange] = args;
  const text = Object.hasOwn(texts, which) ? texts[which] : undefined;
  if (text !== undefined && strange.length === 0) {
    return { status: 0, out: [text().trimEnd()], errors: [] };
  }
  const unknown = text === undefined ? which : strange.join(' ');
  const usage = 'usage: npm run --silent schema -- [policy | fact]';
  return { status: 2, out: [], errors: [`what is ${unknown}?`, usage] };
}

if (import.meta.main) say(schemaCommand(process.argv.slice(2)));
