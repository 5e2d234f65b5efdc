/**
 * The SMTP passwords of SES that follow from secret access keys: whoever has one sends mail as the
 * user. They look like nothing that they are made of, so the canary does not show in them.
 */
import { createHmac } from 'node:crypto';
import type { Ledger } from '../ledger.ts';
import { pairIn } from '../truth.ts';

/**
 * The password for SES's SMTP endpoint of a Region.
 * https://docs.aws.amazon.com/ses/latest/dg/smtp-credentials.html#smtp-credentials-convert (2026-11)
 */
export function smtpPassword(secretAccessKey: string, region: string): string {
  const signature = ['11111111', region, 'ses', 'aws4_request', 'SendRawEmail'].reduce<
    string | Buffer
  >((key, message) => createHmac('sha256', key).update(message).digest(), `AWS4${secretAccessKey}`);
  return Buffer.concat([Buffer.from([0x04]), Buffer.from(signature)]).toString('base64');
}

/** Those of every key that a vault of the world holds, for the world's own Region. */
export function smtpPasswordsOf({ world, plan }: Ledger): readonly string[] {
  const { cloud, place } = world;
  const texts = plan.accounts.flatMap((account) => [
    ...cloud
      .truth(account)
      .secrets.flatMap(({ arn, versions }) =>
        [...versions.keys()].map((versionId) => cloud.secretValue(arn, versionId)?.text),
      ),
    ...cloud
      .parameters(account, place.region)
      .flatMap(({ versions }) => versions.map(({ value }) => value)),
  ]);
  const secrets = texts.flatMap((text) => pairIn(text)?.secretAccessKey ?? []);
  return [...new Set(secrets)].map((secret) => smtpPassword(secret, place.region));
}
