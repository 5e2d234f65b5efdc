/**
 * How an adapter gets an SDK client: Region, credentials, and (in the sandbox) a plugin that
 * answers instead of the network.
 */
import type { AwsCredentialIdentityProvider, Pluggable } from '@smithy/types';
import { Bug } from '../domain/errors.ts';

export interface AwsConnection {
  readonly region: string;
  /** Absent: the SDK's default chain, which in Lambda is the function's role. */
  readonly credentials?: AwsCredentialIdentityProvider;
  readonly plugin?: Answering;
  /** How often a call is tried, where the adapter does not say; the SDK's 3 unless said. */
  readonly maxAttempts?: number;
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
  cacheMiddleware?: boolean;
  requestHandler?: { readonly handle: () => Promise<never> } | Limits;
}

interface Options {
  readonly maxAttempts?: number;
  /** How long one attempt may take, connecting included, where that is more than usual. */
  readonly requestTimeout?: number;
}

/**
 * Milliseconds. Left alone, the SDK waits as long as the kernel does, and the function is killed
 * first. A request that takes too long is only warned of unless it is to be an error.
 * https://github.com/aws/aws-sdk-js-v3/blob/main/supplemental-docs/CLIENTS.md (2026-11)
 */
interface Limits {
  readonly connectionTimeout: number;
  readonly requestTimeout: number;
  readonly throwOnRequestTimeout: true;
}

const usualLimits: Limits = {
  connectionTimeout: 3000,
  requestTimeout: 30_000,
  throwOnRequestTimeout: true,
};

// biome-ignore lint/suspicious/noExplicitAny: the stack's types differ per service and are not used
type Client = { readonly middlewareStack: { use(plugin: Pluggable<any, any>): void } };
type ClientClass<C> = new (config: ClientConfig) => C;

/**
 * Clients by connection, which keeps them no longer than itself: making one costs more than a call.
 * Another object is another connection, however much alike they are.
 */
const made = new WeakMap<AwsConnection, Map<ClientClass<Client>, Map<string, Client>>>();

/**
 * The client of that class on that connection: the same one for the same connection and options.
 * `maxAttempts` is the SDK's default of 3 unless said otherwise; each may take 30 s, of which
 * connecting 3 s.
 */
export function connect<C extends Client>(
  Class: ClientClass<C>,
  connection: AwsConnection,
  options: Options = {},
): C {
  const ofConnection = made.get(connection) ?? new Map<ClientClass<Client>, Map<string, Client>>();
  made.set(connection, ofConnection);
  const ofClass = ofConnection.get(Class) ?? new Map<string, Client>();
  ofConnection.set(Class, ofClass);
  const named = `${options.maxAttempts}/${options.requestTimeout}`;
  const known = ofClass.get(named);
  // Under a class there are only clients that it made.
  if (known !== undefined) return known as C;
  const client = newClient(Class, connection, options);
  ofClass.set(named, client);
  return client;
}

/** Should a plugin ever let a request through, it goes nowhere. */
const noNetwork = {
  handle: (): Promise<never> =>
    Promise.reject(new Bug('the plugin of this connection left a request to the network')),
};

function newClient<C extends Client>(
  Class: ClientClass<C>,
  connection: AwsConnection,
  { requestTimeout = usualLimits.requestTimeout, ...options }: Options,
): C {
  const { region, credentials, userAgent, plugin, maxAttempts } = connection;
  const client = new Class({
    region,
    ...(credentials === undefined ? {} : { credentials }),
    ...(userAgent === undefined ? {} : { customUserAgent: userAgent }),
    ...(maxAttempts === undefined ? {} : { maxAttempts }),
    // Where no request is built, nothing in the stack depends on the single call, and connections
    // to the network would be made in vain.
    ...(plugin === undefined
      ? { requestHandler: { ...usualLimits, requestTimeout } }
      : { cacheMiddleware: true, requestHandler: noNetwork }),
    ...options,
  });
  if (plugin !== undefined) client.middlewareStack.use(plugin.on?.(connection) ?? plugin);
  return client;
}
