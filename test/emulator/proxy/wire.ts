/**
 * What stands in an AWS request on the wire: which service and operation, who signed it, and the
 * input as the SDK's command had it. Signatures are not checked here: moto does that.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-signing-elements.html (2026-11)
 */
import type { IncomingHttpHeaders } from 'node:http';

export interface WireRequest {
  readonly method: string;
  /** With the query. */
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
  /** As in the signature's scope: `iam`, `secretsmanager`, `events`, … */
  readonly service: string;
  readonly region: string;
  readonly accessKeyId: string;
  readonly protocol: 'query' | 'json' | 'rest';
  /** As in the API: `CreateAccessKey`. */
  readonly operation: string;
  readonly input: Readonly<Record<string, unknown>>;
  /** When the caller's clock signed it. */
  readonly signedAt: Date | undefined;
}

interface Raw {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

const scope = /Credential=(\w+)\/\d{8}\/([\w-]+)\/([\w-]+)\/aws4_request/;

/** Throws on a request that is not signed, or of an operation whose path is not known. */
export function readWire(raw: Raw): WireRequest {
  const [, accessKeyId, region, service] = scope.exec(raw.headers.authorization ?? '') ?? [];
  if (accessKeyId === undefined || region === undefined || service === undefined) {
    throw new Error(`${raw.method} ${raw.path} is not signed as AWS requests are`);
  }
  const signed = { ...raw, service, region, accessKeyId, signedAt: signedAt(raw.headers) };
  const target = raw.headers['x-amz-target'];
  if (typeof target === 'string') {
    const input = JSON.parse(raw.body.toString() || '{}');
    return { ...signed, protocol: 'json', operation: target.split('.').at(-1) ?? '', input };
  }
  const type = raw.headers['content-type'] ?? '';
  if (type.startsWith('application/x-www-form-urlencoded')) {
    const {
      Action = '',
      Version,
      ...input
    } = Object.fromEntries(new URLSearchParams(raw.body.toString()));
    return { ...signed, protocol: 'query', operation: Action, input };
  }
  return { ...signed, protocol: 'rest', ...restOperation(service, raw) };
}

function signedAt(headers: IncomingHttpHeaders): Date | undefined {
  const text = headers['x-amz-date'];
  if (typeof text !== 'string') return undefined;
  const parts = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(text)?.slice(1) ?? [];
  const [year, month, day, hour, minute, second] = parts;
  return new Date(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
}

interface Route {
  readonly method: string;
  readonly path: RegExp;
  readonly operation: string;
  /** Which input a part of the path is. */
  readonly field?: string;
}

const routes: Readonly<Record<string, readonly Route[]>> = {
  account: [{ method: 'POST', path: /^\/listRegions$/, operation: 'ListRegions' }],
  lambda: [
    {
      method: 'POST',
      path: /^\/2015-03-31\/functions\/([^/]+)\/invocations$/,
      operation: 'Invoke',
      field: 'FunctionName',
    },
  ],
  securityhub: [
    { method: 'PATCH', path: /^\/findings\/batchupdate$/, operation: 'BatchUpdateFindings' },
    { method: 'PATCH', path: /^\/findingsv2\/batchupdatev2$/, operation: 'BatchUpdateFindingsV2' },
    { method: 'POST', path: /^\/findings$/, operation: 'GetFindings' },
  ],
};

function restOperation(
  service: string,
  { method, path, body, headers }: Raw,
): Pick<WireRequest, 'operation' | 'input'> {
  if (service === 's3') return { operation: s3Operation(method, path), input: {} };
  const plain = path.split('?')[0] ?? '';
  const route = routes[service]?.find((each) => each.method === method && each.path.test(plain));
  if (route === undefined)
    throw new Error(`no operation of ${service} is known: ${method} ${path}`);
  if (route.operation === 'Invoke') {
    const name = decodeURIComponent(route.path.exec(plain)?.[1] ?? '');
    const kind = headers['x-amz-invocation-type'];
    const asked = typeof kind === 'string' ? { InvocationType: kind } : {};
    return { operation: 'Invoke', input: { FunctionName: name, ...asked, Payload: body } };
  }
  return { operation: route.operation, input: JSON.parse(body.toString() || '{}') };
}

/** By the path alone: buckets are named there, not in the host. */
function s3Operation(method: string, path: string): string {
  const [, bucket = '', key = ''] = /^\/([^/?]*)\/?([^?]*)/.exec(path) ?? [];
  const what = bucket === '' ? 'Buckets' : key === '' ? 'Bucket' : 'Object';
  const verbs: Readonly<Record<string, string>> = { GET: 'Get', PUT: 'Put', DELETE: 'Delete' };
  return what === 'Buckets' ? 'ListBuckets' : `${verbs[method] ?? method}${what}`;
}
