/**
 * The sandbox's AWS over HTTP on this machine, as far as a function needs it that only decides:
 * services of the JSON protocols, for one caller. Signatures are not looked at.
 */
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Cloud } from '../account/cloud.ts';

export interface AwsOverHttp {
  /** For AWS_ENDPOINT_URL. */
  readonly url: string;
  close(): Promise<void>;
}

type Caller = Pick<Parameters<Cloud['call']>[0], 'region' | 'credentials'>;

/** By the first part of `x-amz-target`. */
const services: Readonly<Record<string, string>> = {
  DynamoDB_20120810: 'dynamodb',
  AmazonSSM: 'ssm',
  secretsmanager: 'secretsmanager',
};

export async function awsOverHttp(cloud: Cloud, caller: Caller): Promise<AwsOverHttp> {
  const server = createServer((request, response) => {
    answer(cloud, caller, request).then(({ status, body }) => {
      response.writeHead(status, { 'content-type': 'application/x-amz-json-1.1' });
      response.end(JSON.stringify(inSeconds(body)));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function answer(cloud: Cloud, caller: Caller, request: IncomingMessage) {
  try {
    const [prefix = '', operation = ''] = String(request.headers['x-amz-target']).split('.');
    const service = services[prefix];
    if (service === undefined) throw new Error(`${prefix}.${operation} is not answered here`);
    const input = JSON.parse(await bodyOf(request));
    return { status: 200, body: await cloud.call({ service, operation, input, ...caller }) };
  } catch (error) {
    const { name, message, $metadata } = error as Error & {
      readonly $metadata?: { readonly httpStatusCode?: number };
    };
    return { status: $metadata?.httpStatusCode ?? 400, body: { __type: name, message } };
  }
}

/** Times as these protocols write them. */
function inSeconds(value: unknown): unknown {
  if (value instanceof Date) return value.getTime() / 1000;
  if (Array.isArray(value)) return value.map(inSeconds);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, inSeconds(each)]));
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks).toString('utf8');
}
