/**
 * A connection whose calls are answered by functions written down in a test, one per operation, and
 * recorded. An operation without an answer fails by name.
 */
import type { AwsConnection } from '../../adapters/aws-connection.ts';
import { awsError } from '../../sandbox/account/service.ts';

export interface Call {
  readonly operation: string;
  readonly region: string;
  // biome-ignore lint/suspicious/noExplicitAny: the inputs of any command
  readonly input: any;
}

// biome-ignore lint/suspicious/noExplicitAny: the inputs of any command
export type Answers = Readonly<Record<string, (input: any, region: string) => unknown>>;

export interface CannedAws {
  readonly connection: AwsConnection;
  readonly connectionIn: (region: string) => AwsConnection;
  readonly calls: readonly Call[];
}

export function cannedAws(answers: Answers): CannedAws {
  const calls: Call[] = [];
  const plugin = (region: string): NonNullable<AwsConnection['plugin']> => ({
    // The Region of the client's own connection, which may differ from the one given here.
    on: (connection) => plugin(connection.region),
    applyToStack: (stack) => {
      stack.add(
        // biome-ignore lint/suspicious/noExplicitAny: middleware of any client
        (_next: unknown, context: any) => async (args: any) => {
          const operation = String(context.commandName).replace(/Command$/, '');
          calls.push({ operation, region, input: args.input });
          const answer = answers[operation];
          if (answer === undefined) throw new Error(`the test has no answer to ${operation}`);
          return { output: await answer(args.input, region), response: {} };
        },
        { step: 'initialize', name: 'canned answers' },
      );
    },
  });
  const connectionIn = (region: string): AwsConnection => ({ region, plugin: plugin(region) });
  return { connection: connectionIn('eu-west-1'), connectionIn, calls };
}

export function noSuchEntity(): Error {
  return awsError('NoSuchEntityException', 'cannot be found', 404);
}

export function throttled(): Error {
  return awsError('ThrottlingException', 'Rate exceeded', 400);
}
