/** How a model's answer, or its refusal, looks on the wire in each of AWS's protocols. */
import type { WireRequest } from './wire.ts';

export interface WireAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[]>>;
  readonly body: Buffer;
}

/** What a model returned. */
export function answered(request: WireRequest, requestId: string, output: unknown): WireAnswer {
  if (request.operation === 'Invoke') return invoked(requestId, output);
  if (request.protocol === 'query') {
    const { operation } = request;
    const inner = `<${operation}Result>${xml(output)}</${operation}Result>`;
    return xmlAnswer(200, requestId, `<${operation}Response>${inner}</${operation}Response>`);
  }
  const dates = request.service === 'securityhub' ? asTexts : asSeconds;
  return jsonAnswer(200, requestId, JSON.stringify(dates(output)));
}

/** What a model threw: an error made by awsError. */
export function refused(request: WireRequest, requestId: string, error: Error): WireAnswer {
  const { httpStatusCode = 400 } =
    (error as { readonly $metadata?: { readonly httpStatusCode?: number } }).$metadata ?? {};
  if (request.protocol === 'query') {
    const inner = xml({ Type: 'Sender', Code: error.name, Message: error.message });
    const body = `<ErrorResponse><Error>${inner}</Error></ErrorResponse>`;
    return xmlAnswer(httpStatusCode, requestId, body);
  }
  const body = JSON.stringify({ __type: error.name, message: error.message });
  const { headers, ...rest } = jsonAnswer(httpStatusCode, requestId, body);
  return { ...rest, headers: { ...headers, 'x-amzn-errortype': error.name } };
}

interface Invocation {
  readonly StatusCode?: number;
  readonly FunctionError?: string;
  readonly Payload?: Uint8Array;
}

function invoked(requestId: string, output: unknown): WireAnswer {
  const {
    StatusCode = 200,
    FunctionError,
    Payload = new Uint8Array(),
  } = Object(output) as Invocation;
  return {
    status: StatusCode,
    headers: {
      'x-amzn-requestid': requestId,
      ...(FunctionError === undefined ? {} : { 'x-amz-function-error': FunctionError }),
    },
    body: Buffer.from(Payload),
  };
}

function jsonAnswer(status: number, requestId: string, text: string): WireAnswer {
  const headers = { 'content-type': 'application/x-amz-json-1.1', 'x-amzn-requestid': requestId };
  return { status, headers, body: Buffer.from(text) };
}

function xmlAnswer(status: number, requestId: string, text: string): WireAnswer {
  const headers = { 'content-type': 'text/xml', 'x-amzn-requestid': requestId };
  return { status, headers, body: Buffer.from(text) };
}

function xml(value: unknown): string {
  if (value instanceof Date) return value.toISOString();
  if (Array.isArray(value)) return value.map((each) => `<member>${xml(each)}</member>`).join('');
  if (typeof value === 'object' && value !== null) {
    return Object.entries(value)
      .filter(([, inner]) => inner !== undefined)
      .map(([name, inner]) => `<${name}>${xml(inner)}</${name}>`)
      .join('');
  }
  return String(value).replace(/[<>&]/g, (sign) => `&#${sign.charCodeAt(0)};`);
}

/** Times as AWS's JSON protocols have them: seconds since 1970. */
function asSeconds(value: unknown): unknown {
  return mapDates(value, (date) => date.getTime() / 1000);
}

function asTexts(value: unknown): unknown {
  return mapDates(value, (date) => date.toISOString());
}

function mapDates(value: unknown, written: (date: Date) => unknown): unknown {
  if (value instanceof Date) return written(value);
  if (Array.isArray(value)) return value.map((each) => mapDates(each, written));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [name, mapDates(inner, written)]),
  );
}
