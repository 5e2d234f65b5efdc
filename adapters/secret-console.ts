/** Where a person finds a secret in the AWS console, in each partition that has a public one. */
import type { Partition } from '../domain/key.ts';

const consoles: Readonly<Partial<Record<Partition, string>>> = {
  aws: 'console.aws.amazon.com',
  'aws-cn': 'console.amazonaws.cn',
  'aws-us-gov': 'console.amazonaws-us-gov.com',
  'aws-eusc': 'console.amazonaws-eusc.eu',
};

/** A link longer than this would crowd out the message that it stands in. */
const longest = 600;

/**
 * The console page of a secret; undefined for what is no secret's ARN, or a partition whose console
 * has no address known here. The six characters that Secrets Manager adds to the name are left off.
 */
export function secretConsoleUrl(secretArn: string): string | undefined {
  const parts =
    /^arn:(aws[a-z-]*):secretsmanager:([a-z0-9-]+):\d{12}:secret:(.+)-[A-Za-z0-9]{6}$/u.exec(
      secretArn,
    );
  if (parts === null) return undefined;
  const [, partition = '', region = '', name = ''] = parts;
  const host = Object.entries(consoles).find(([each]) => each === partition)?.[1];
  if (host === undefined) return undefined;
  const query = `name=${encodeURIComponent(name)}&region=${region}`;
  const url = `https://${region}.${host}/secretsmanager/secret?${query}`;
  return url.length <= longest ? url : undefined;
}
