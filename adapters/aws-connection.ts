/**
 * How an adapter gets an SDK client: Region, credentials, and (in the sandbox) a plugin that
 * answers instead of the network.
 */
import type { AwsCredentialIdentityProvider, Pluggable } from '@smithy/types';

export interface AwsConnection {
  readonly region: string;
  /** Absent: the SDK's default chain, which in Lambda is the function's role. */
  readonly credentials?: AwsCredentialIdentityProvider;
  readonly plugin?: Answering;
  /** Added to the SDK's user agent, as `name/version`. */
  readonly userAgent?: string;
}

/** Answers instead of the network, for the Region and credentials of the client's connection. */
// biome-ignore lint/suspicious/noExplicitAny: a plugin serves clients of every service
export interface Answering extends Pluggable<any, any> {
  // biome-ignore lint/suspicious/noExplicitAny: a plugin serves clients of every service
  readonly on?: (connection: AwsConnection) => Pluggable<any, any>;
}

interface ClientConfig {
  region: string;
  credentials?: AwsCredentialIdentityProvider;
  maxAttempts?: number;
  customUserAgent?: string;
}

/** A client on that connection. `maxAttempts` is the SDK's default of 3 unless said otherwise. */
// biome-ignore lint/suspicious/noExplicitAny: the stack's types differ per service and are not used
export function connect<C extends { middlewareStack: { use(plugin: Pluggable<any, any>): void } }>(
  Client: new (config: ClientConfig) => C,
  connection: AwsConnection,
  options: { readonly maxAttempts?: number } = {},
): C {
  const client = new Client({
    region: connection.region,
    ...(connection.credentials === undefined ? {} : { credentials: connection.credentials }),
    ...(connection.userAgent === undefined ? {} : { customUserAgent: connection.userAgent }),
    ...options,
  });
  const { plugin } = connection;
  if (plugin !== undefined) client.middlewareStack.use(plugin.on?.(connection) ?? plugin);
  return client;
}
