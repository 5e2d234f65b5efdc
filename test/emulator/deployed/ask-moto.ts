/**
 * The suite's own requests to moto for services that the product has no client of, as somebody of
 * an account. They are not signed: they are made before moto is told to check signatures.
 */

export interface AskMoto {
  /** Query protocol; the answer's XML. Throws on any other status than 200. */
  query(service: string, input: Readonly<Record<string, string>>): Promise<string>;
  /** Any other request; its text, or undefined where there is no such thing. */
  rest(service: string, method: string, path: string, body?: Buffer | string): Promise<string>;
  /** JSON protocol, by target. */
  json(service: string, target: string, input: unknown): Promise<string>;
}

const versions: Readonly<Record<string, string>> = {
  cloudformation: '2010-05-15',
  sts: '2011-06-15',
  iam: '2010-05-08',
  sns: '2010-03-31',
  monitoring: '2010-08-01',
};

/** `accessKeyId` says in which account. */
export function askMoto(endpoint: string, region: string, accessKeyId: string): AskMoto {
  const ask = async (
    service: string,
    path: string,
    request: {
      readonly method: string;
      readonly headers?: object;
      readonly body?: Buffer | string;
    },
  ): Promise<string> => {
    const scope = `${accessKeyId}/20260101/${region}/${service}/aws4_request`;
    const authorization = `AWS4-HMAC-SHA256 Credential=${scope}, SignedHeaders=host, Signature=0`;
    const { method, headers, body } = request;
    const answer = await fetch(`${endpoint}${path}`, {
      method,
      headers: { ...headers, authorization },
      ...(body === undefined
        ? {}
        : { body: typeof body === 'string' ? body : new Uint8Array(body) }),
    });
    const text = await answer.text();
    if (answer.ok) return text;
    throw new Error(`moto refused ${service} ${method} ${path}: ${answer.status} ${text}`);
  };
  return {
    query: (service, input) => {
      const body = new URLSearchParams({ Version: versions[service] ?? '', ...input }).toString();
      const headers = { 'content-type': 'application/x-www-form-urlencoded' };
      return ask(service, '/', { method: 'POST', headers, body });
    },
    rest: (service, method, path, body) =>
      ask(service, path, { method, ...(body === undefined ? {} : { body }) }),
    json: (service, target, input) => {
      const headers = { 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': target };
      return ask(service, '/', { method: 'POST', headers, body: JSON.stringify(input) });
    },
  };
}

/** Every text that stands in an element of that name. */
export function elements(xml: string, name: string): readonly string[] {
  return [...xml.matchAll(new RegExp(`<${name}>([^<]*)</${name}>`, 'g'))].map(
    (match) => match[1] ?? '',
  );
}
