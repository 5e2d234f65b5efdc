/** AWS errors turned into Keyturn's: by name, since bundles may hold several copies of a class. */
import { messageOf, Permanent, Transient } from '../domain/errors.ts';

const throttleNames = [
  'Throttling',
  'ThrottlingException',
  'ThrottledException',
  'TooManyRequestsException',
  'RequestLimitExceeded',
  'ProvisionedThroughputExceededException',
] as const;

const transientNames: ReadonlySet<string> = new Set([
  ...throttleNames,
  'PriorRequestNotComplete',
  'ServiceUnavailable',
  'ServiceUnavailableException',
  'ServiceFailureException',
  'InternalServerError',
  'InternalServiceError',
  'InternalFailure',
  'InternalException',
  'AutomationExecutionLimitExceededException',
  'TooManyUpdates',
  'TransactionConflictException',
  'TransactionInProgressException',
  // Of our own session: it ended meanwhile, or its role was made anew. The next one works.
  'ExpiredToken',
  'ExpiredTokenException',
  'InvalidClientTokenId',
  'UnrecognizedClientException',
  'TimeoutError',
  'NetworkingError',
  'AbortError',
  'ECONNRESET',
  'ECONNREFUSED',
  'ETIMEDOUT',
  'EPIPE',
]);

/** The name under which AWS reports an error, or ''. */
export function awsErrorName(thrown: unknown): string {
  return thrown instanceof Error ? thrown.name : '';
}

/** Whether AWS refused the call only because there were too many. */
export function isThrottled(thrown: unknown): boolean {
  return (
    httpStatusOf(thrown) === 429 || throttleNames.some((name) => name === awsErrorName(thrown))
  );
}

/**
 * Whether the call may have taken effect although it failed: no answer came, a server error, or an
 * answer of success that could not be read. Only a client error (4xx) is a refusal for sure.
 */
export function mayHaveTakenEffect(thrown: unknown): boolean {
  const status = httpStatusOf(thrown);
  return status === undefined || status < 400 || status >= 500;
}

/** Transient if trying again may help, else Permanent. `tried` is a sentence's start. */
export function fromAws(tried: string, thrown: unknown): Transient | Permanent {
  if (thrown instanceof Transient || thrown instanceof Permanent) return thrown;
  const name = awsErrorName(thrown);
  const status = httpStatusOf(thrown);
  const message = `${tried}: ${name} – ${messageOf(thrown)}`;
  const transient =
    transientNames.has(name) || status === undefined || status >= 500 || status === 429;
  return transient
    ? new Transient(`${message}; it is tried again`, { cause: thrown })
    : new Permanent(message, { cause: thrown });
}

/** The HTTP status of AWS's answer; undefined if none came. */
export function httpStatusOf(thrown: unknown): number | undefined {
  const metadata = (thrown as { $metadata?: { httpStatusCode?: number } } | undefined)?.$metadata;
  return metadata?.httpStatusCode;
}
