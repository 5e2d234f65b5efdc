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
  requestHandler?: { readonly handle: () => Promise<never> };
}

interface Options {
  readonly maxAttempts?: number;
}

// biome-ignore lint/suspicious/noExplicitAny: the stack's types differ per service and are not used
type Client = { readonly middlewareStack: { use(plugin: Pluggable<any, any>): void } };
type ClientClass<C> = new (config: ClientConfig) => C;

/**
 * Clients by connection, which keeps them no longer than itself: making one costs more than a call.
 * Another object is another connection, however much alike they are.
 */
const made = new WeakMap<AwsConnection, Map<ClientClass<Client>, Map<number, Client>>>();

/**
 * The client of that class on that connection: the same one for the same connection and options.
 * `maxAttempts` is the SDK's default of 3 unless said otherwise.
 */
export function connect<C extends Client>(
  Class: ClientClass<C>,
  connection: AwsConnection,
  options: Options = {},
): C {
  const ofConnection = made.get(connection) ?? new Map<ClientClass<Client>, Map<number, Client>>();
  made.set(connection, ofConnection);
  const ofClass = ofConnection.get(Class) ?? new Map<number, Client>();
  ofConnection.set(Class, ofClass);
  const known = ofClass.get(options.maxAttempts ?? 0);
  // Under a class there are only clients that it made.
  if (known !== undefined) return known as C;
  const client = newClient(Class, connection, options);
  ofClass.set(options.maxAttempts ?? 0, client);
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
  options: Options,
): C {
  const { region, credentials, userAgent, plugin } = connection;
  const client = new Class({
    region,
    ...(credentials === undefined ? {} : { credentials }),
    ...(userAgent === undefined ? {} : { customUserAgent: userAgent }),
    // Where no request is built, nothing in the stack depends on the single call, and connections
    // to the network would be made in vain.
    ...(plugin === undefined ? {} : { cacheMiddleware: true, requestHandler: noNetwork }),
    ...options,
  });
  if (plugin !== undefined) client.middlewareStack.use(plugin.on?.(connection) ?? plugin);
  return client;
}
