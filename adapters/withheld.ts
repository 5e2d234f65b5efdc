/**
 * Errors of calls that carry a secret value, made safe to show: an SDK that cannot read an answer
 * quotes it, and hangs the whole answer on the error.
 */
import { awsErrorName } from './aws-error.ts';

/** An error with the name and HTTP status of the one thrown, and its text only if AWS wrote it. */
export function withheld(thrown: unknown, ...secrets: readonly string[]): Error {
  const { $fault, $metadata } = Object(thrown) as { $fault?: unknown; $metadata?: object };
  const byAws = thrown instanceof Error && ($fault === 'client' || $fault === 'server');
  const text = byAws ? thrown.message : 'the details are withheld, since they may show a secret';
  const clean = new Error(
    secrets.reduce((shown, secret) => shown.replaceAll(secret, '(sealed)'), text),
  );
  clean.name = awsErrorName(thrown);
  return $metadata === undefined ? clean : Object.assign(clean, { $metadata });
}
