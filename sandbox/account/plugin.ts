/**
 * Stands in for the network: a middleware at the SDK's `initialize` step that hands every command
 * to the sandbox. The client is the real one, so the very same adapters run. The SDK's own retries
 * come later in its stack and so do not happen here.
 */
import type {
  AwsCredentialIdentity,
  AwsCredentialIdentityProvider,
  InitializeHandler,
  Pluggable,
} from '@smithy/types';
import type { Answering, AwsConnection } from '../../adapters/aws-connection.ts';
import { awsError } from './service.ts';

export interface CloudCall {
  /** As in the service's endpoint: `iam`, `secretsmanager`, `events`, … */
  readonly service: string;
  /** As in the API: `CreateAccessKey`. */
  readonly operation: string;
  readonly input: unknown;
  readonly region: string;
  readonly credentials: AwsCredentialIdentity;
  readonly userAgent?: string;
  readonly sourceIp?: string;
}

export type Answer = (call: CloudCall) => Promise<unknown>;

/** Whence calls come, as CloudTrail tells. */
export interface Origin {
  readonly userAgent?: string;
  readonly sourceIp?: string;
}

// biome-ignore lint/suspicious/noExplicitAny: it serves clients of every service
type AnyPlugin = Pluggable<any, any>;

/** Clients whose endpoint is not called like the client. */
const services: Readonly<Record<string, string>> = {
  cloudwatchlogs: 'logs',
  configservice: 'config',
  eventbridge: 'events',
};

/** `EventBridgeClient` → `events`. */
export function serviceOf(clientName: string): string {
  const plain = clientName.replace(/Client$/, '').toLowerCase();
  return services[plain] ?? plain;
}

/** The plugin for clients made by `connect`: it answers for the connection of each client. */
export function sandboxPlugin(answer: Answer, origin: Origin = {}): Answering {
  return {
    on: (connection) => onConnection(answer, connection, origin),
    applyToStack: () => {
      throw new Error(
        'the sandbox answers clients made by connect() of adapters/aws-connection.ts',
      );
    },
  };
}

/** A connection to the sandbox with those credentials. Changed credentials or Region are heeded. */
export function sandboxConnection(
  answer: Answer,
  where: Origin & {
    readonly region: string;
    readonly credentials: AwsCredentialIdentity | AwsCredentialIdentityProvider;
  },
): AwsConnection {
  const { region, credentials, ...origin } = where;
  return {
    region,
    credentials: typeof credentials === 'function' ? credentials : async () => credentials,
    plugin: sandboxPlugin(answer, origin),
  };
}

function onConnection(answer: Answer, connection: AwsConnection, origin: Origin): AnyPlugin {
  return {
    applyToStack: (stack) => {
      const middleware =
        // biome-ignore lint/suspicious/noExplicitAny: input and output are those of any command
        (_next: InitializeHandler<any, any>, context: Record<string, any>) => {
          // The SDK copies every field of input and output for a log that nobody reads.
          context.logger = undefined;
          return async ({ input }: { readonly input: unknown }) => {
            if (connection.credentials === undefined) {
              const problem = 'Could not load credentials from any providers';
              throw awsError('CredentialsProviderError', problem, 400);
            }
            const output = await answer({
              service: serviceOf(String(context.clientName)),
              operation: String(context.commandName).replace(/Command$/, ''),
              input,
              region: connection.region,
              credentials: await connection.credentials(),
              ...origin,
              ...(connection.userAgent === undefined ? {} : { userAgent: connection.userAgent }),
            });
            return { response: {}, output };
          };
        };
      // biome-ignore lint/suspicious/noExplicitAny: the stack's types differ per service
      stack.add(middleware as any, { step: 'initialize', name: 'sandbox', priority: 'low' });
    },
  };
}
