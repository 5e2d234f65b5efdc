/** Amazon Resource Names: `arn:partition:service:region:account:resource`. */
import { type Partition, partitions } from './key.ts';

export interface Arn {
  readonly partition: Partition;
  readonly service: string;
  /** Empty for global services. */
  readonly region: string;
  readonly account: string;
  readonly resource: string;
}

/** The parts of an ARN, or undefined if the text is none (or of an unknown partition). */
export function parseArn(text: string): Arn | undefined {
  const [prefix, name, service = '', region = '', account = '', ...resource] = text.split(':');
  const partition = partitions.find((each) => each === name);
  if (prefix !== 'arn' || partition === undefined || resource.length === 0) return undefined;
  return { partition, service, region, account, resource: resource.join(':') };
}
