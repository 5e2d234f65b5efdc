/**
 * What every modelled AWS service is made of. An operation takes the SDK command's input and
 * returns the SDK command's output (without $metadata), or throws an error made by awsError, under
 * AWS's own name. An operation that is not modelled fails loudly by name.
 */
import type { Instant } from '../../domain/instant.ts';
import type { Partition } from '../../domain/key.ts';

/** Who calls: an IAM user by a long-term key, or a role's session. */
export interface Caller {
  readonly account: string;
  /**
   * `arn:aws:iam::111122223333:user/x` or `arn:aws:sts::111122223333:assumed-role/name/session`.
   */
  readonly arn: string;
  /** AIDA… for a user, AROA…:session for a role. */
  readonly userId: string;
  /** The access key id that signed. */
  readonly accessKeyId: string;
}

export interface CallContext {
  readonly partition: Partition;
  readonly account: string;
  readonly region: string;
  readonly caller: Caller;
  readonly now: Instant;
  readonly requestId: string;
  /** The SDK's custom user agent, or the sandbox app's. */
  readonly userAgent: string;
  readonly sourceIp: string;
}

// biome-ignore lint/suspicious/noExplicitAny: inputs and outputs are those of the SDK's commands
export type Operation = (input: any, context: CallContext) => Promise<unknown> | unknown;

/** Operations by their API name, e.g. `CreateAccessKey`. */
export type ServiceModel = Readonly<Record<string, Operation>>;

/**
 * An error as the SDK would throw it: name, `$fault`, `$metadata.httpStatusCode`. It has no stack:
 * AWS has none of ours, and to write one takes longer than the call.
 */
export function awsError(name: string, message: string, httpStatusCode = 400): Error {
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = 0;
  const error = new Error(message);
  Error.stackTraceLimit = stackTraceLimit;
  error.name = name;
  return Object.assign(error, {
    $fault: httpStatusCode >= 500 ? 'server' : 'client',
    $metadata: { httpStatusCode },
  });
}
