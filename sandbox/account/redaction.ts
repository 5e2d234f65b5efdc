/** Keeps secret values out of what the sandbox records about calls. */

const secretFields: ReadonlySet<string> = new Set([
  'SecretString',
  'SecretBinary',
  'SecretAccessKey',
  'SessionToken',
  'RotationToken',
]);

/** What stands in a secret's place; CloudTrail itself writes it. */
export const hidden = 'HIDDEN_DUE_TO_SECURITY_REASONS';

/** A shallow copy of a call's input without secret values; a Lambda payload is made readable. */
export function redacted(input: unknown): Readonly<Record<string, unknown>> {
  const copy: Record<string, unknown> = {};
  for (const [field, value] of Object.entries(input ?? {})) {
    if (value === undefined) continue;
    if (secretFields.has(field) || isSecureString(field, input)) copy[field] = hidden;
    else copy[field] = value instanceof Uint8Array ? Buffer.from(value).toString() : value;
  }
  return copy;
}

/** A parameter's value, unless its type says that it is no secret. */
function isSecureString(field: string, input: unknown): boolean {
  const { Type } = Object(input) as { readonly Type?: unknown };
  return field === 'Value' && Type !== 'String' && Type !== 'StringList';
}
