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

if (import.meta.main) process.stdout.write(schemaText());
