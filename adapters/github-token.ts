/**
 * The token by which secrets of repositories are written, in a secret or parameter of the
 * operator's, as those of Slack and PagerDuty are: read at run time, kept for some minutes.
 *
 *   { "gitHubToken": "github_pat_…" }
 *
 * A fine-grained personal access token, or an installation's of a GitHub App. A classic one is
 * refused: it reaches every repository of whoever made it.
 * https://docs.github.com/en/authentication/keeping-your-account-and-data-secure (2026-11)
 */
import * as v from 'valibot';
import { Permanent } from '../domain/errors.ts';
import type { Clock } from '../domain/ports.ts';
import type { AwsConnection } from './aws-connection.ts';
import { type Kept, keptSecret } from './kept-secret.ts';
import { credentialText } from './secure-parameter.ts';

const schema = v.looseObject({
  gitHubToken: v.pipe(v.string(), v.regex(/^(?:github_pat_|ghs_)[\x21-\x7e]{10,2000}$/)),
});

/** Reads the token when first asked, then every five minutes. Throws Transient or Permanent. */
export function gitHubToken(
  connection: AwsConnection,
  secretId: string,
  clock: Pick<Clock, 'now'>,
): Kept<string> {
  const what = 'the token for GitHub in';
  const parse = (json: unknown): string => {
    const read = v.safeParse(schema, json);
    if (read.success) return read.output.gitHubToken;
    throw new Permanent(
      `the token for GitHub in ${secretId} is not usable: it has to hold ` +
        '{"gitHubToken": "github_pat_…"}, a fine-grained personal access token, or "ghs_…", an ' +
        "installation's of a GitHub App",
    );
  };
  return keptSecret(clock, credentialText(connection), { secretId, what, parse });
}
