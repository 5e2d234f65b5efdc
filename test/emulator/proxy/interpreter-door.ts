/**
 * Where moto's interpreter of state machines calls, since it calls AWS at one port of its machine
 * and signs with made-up credentials: functions, which are the suite's, and the list of executions,
 * for which moto wants to be asked by somebody.
 */
import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';

export interface Calls {
  /** Returns what the function does, and throws what it throws. */
  invoke(name: string, payload: unknown): Promise<unknown>;
  listExecutions(input: unknown): Promise<unknown>;
}

export interface Door {
  readonly port: number;
  /** Who answers; nobody does before. */
  serve(calls: Calls): void;
  stop(): Promise<void>;
}

export async function openDoor(): Promise<Door> {
  let calls: Calls | undefined;
  const server = createServer((incoming, outgoing) => {
    answer(calls, incoming).then(
      ({ headers = {}, body }) => outgoing.writeHead(200, headers).end(JSON.stringify(body)),
      (error: unknown) => outgoing.writeHead(400).end(JSON.stringify({ message: String(error) })),
    );
  });
  server.requestTimeout = 0;
  server.listen(0);
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('there is no free port');
  return {
    port: address.port,
    serve: (next) => {
      calls = next;
    },
    stop: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

async function answer(calls: Calls | undefined, incoming: IncomingMessage) {
  if (calls === undefined) throw new Error('nobody answers the interpreter yet');
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk);
  const input: unknown = JSON.parse(Buffer.concat(chunks).toString() || '{}');
  if (incoming.headers['x-amz-target'] === 'AWSStepFunctions.ListExecutions') {
    return { body: await calls.listExecutions(input) };
  }
  const arn = /^\/2015-03-31\/functions\/([^/]+)\/invocations/.exec(incoming.url ?? '')?.[1];
  if (arn === undefined) throw new Error(`the interpreter calls ${incoming.url}`);
  const name = decodeURIComponent(arn).split(':').at(-1) ?? '';
  try {
    return { body: (await calls.invoke(name, input)) ?? null };
  } catch (error) {
    const { name: errorType, message: errorMessage } = error as Error;
    return {
      headers: { 'x-amz-function-error': 'Unhandled' },
      body: { errorType, errorMessage },
    };
  }
}
