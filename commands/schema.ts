/**
 * Prints the JSON Schema of policy files, for editors and other tools:
 *
 *   npm run --silent schema > infra/policy.schema.json
 *
 * It says what a schema can: that windows meet, days exist and rules make sense together, only
 * `npm run policy -- check` tells.
 */
import { toJsonSchema } from '@valibot/to-json-schema';
import { policyFileSchema } from '../adapters/policy-schema.ts';
import { type CommandAnswer, say } from './answer.ts';

/** The schema as the text of infra/policy.schema.json. */
export function schemaText(): string {
  // What only code can check is left out of the schema.
  const { $schema, ...schema } = toJsonSchema(policyFileSchema, {
    target: 'draft-07',
    errorMode: 'ignore',
  });
  const title = 'Keyturn policy';
  return `${JSON.stringify({ $schema, title, ...schema }, null, 2)}\n`;
}

/** It takes no arguments. */
export function schemaCommand(args: readonly string[]): CommandAnswer {
  const [strange] = args;
  if (strange === undefined) return { status: 0, out: [schemaText().trimEnd()], errors: [] };
  return {
    status: 2,
    out: [],
    errors: [`what is ${strange}?`, 'usage: npm run --silent schema > infra/policy.schema.json'],
  };
}

if (import.meta.main) say(schemaCommand(process.argv.slice(2)));
