/**
 * What is read of an HTTP request before it is known who sent it. Whoever may invoke the function
 * sends what is no request at all.
 */
import type { HttpRequest } from '../domain/requests.ts';

/**
 * API Gateway lower-cases names; other front doors may not. Two of a name are as good as none.
 */
export function headerOf(request: HttpRequest | null, name: string): unknown {
  const headers: unknown = request?.headers ?? {};
  const found = Object.entries(Object(headers)).filter(([each]) => each.toLowerCase() === name);
  return found.length === 1 ? found[0]?.[1] : undefined;
}

/** The body as the bytes that were sent; undefined if it is no text. */
export function bytesOf(request: HttpRequest): Buffer | undefined {
  const text: unknown = request.body ?? '';
  if (typeof text !== 'string') return undefined;
  return Buffer.from(text, request.isBase64Encoded === true ? 'base64' : 'utf8');
}
