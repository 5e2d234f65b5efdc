/**
 * Who may ask what of the console. It listens on the loopback address only, and any page in any tab
 * can send requests there, so every request is held against the name it was sent to (DNS rebinding)
 * and the page it comes from; what changes anything needs this start's token as well.
 */
import { timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';

/** The header that carries the token. No form can set it, and no other page knows it. */
export const tokenHeader = 'x-keyturn-token';

/** The largest body that is read. */
export const mostBodyBytes = 512 * 1024;

export interface Refusal {
  readonly status: 400 | 403 | 404 | 405 | 413 | 415;
  readonly problem: string;
}

/** Of every request. undefined: it comes from the console's own page, or from a plain client. */
export function refuseStrangers(
  { headers }: Pick<IncomingMessage, 'headers'>,
  port: number,
): Refusal | undefined {
  // A browser leaves out the port that http has anyway.
  const names = ['127.0.0.1', 'localhost', '[::1]'];
  const hosts = names.flatMap((name) => [`${name}:${port}`, ...(port === 80 ? [name] : [])]);
  const host = headers.host?.toLowerCase();
  if (host === undefined || !hosts.includes(host)) {
    return {
      status: 403,
      problem: `The console answers to ${names[0]}:${port} and ${names[1]}:${port} only.`,
    };
  }
  const { origin } = headers;
  if (origin !== undefined && !hosts.some((each) => origin === `http://${each}`)) {
    return { status: 403, problem: 'The console takes no request of another page.' };
  }
  const site = headers['sec-fetch-site'];
  if (site !== undefined && site !== 'same-origin' && site !== 'none') {
    return { status: 403, problem: 'The console takes no request of another site.' };
  }
  return undefined;
}

/** Of what changes something: by POST, as JSON, with the token. */
export function refuseAct(
  { method, headers }: Pick<IncomingMessage, 'method' | 'headers'>,
  token: string,
): Refusal | undefined {
  if (method !== 'POST') {
    return { status: 405, problem: 'Only a POST changes anything.' };
  }
  if (!/^application\/json(?:;\s*charset=utf-8)?$/i.test(headers['content-type'] ?? '')) {
    return { status: 415, problem: 'An act is application/json.' };
  }
  const given = headers[tokenHeader];
  if (typeof given !== 'string' || !isSame(given, token)) {
    return {
      status: 403,
      problem: 'The token of this start is missing or wrong: load the page again.',
    };
  }
  return undefined;
}

function isSame(given: string, wanted: string): boolean {
  const [one, other] = [Buffer.from(given), Buffer.from(wanted)];
  return one.length === other.length && timingSafeEqual(one, other);
}

/** The body as text, or why it is not read. */
export async function readBody(
  request: AsyncIterable<Uint8Array>,
): Promise<{ readonly ok: true; readonly text: string } | ({ readonly ok: false } & Refusal)> {
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const part of request) {
    size += part.length;
    if (size > mostBodyBytes) {
      const problem = `A body has at most ${mostBodyBytes} bytes.`;
      return { ok: false, status: 413, problem };
    }
    parts.push(part);
  }
  return { ok: true, text: Buffer.concat(parts).toString('utf8') };
}

/** On every answer. Nothing is loaded from elsewhere, framed, or kept by a cache. */
export const safeHeaders: Readonly<Record<string, string>> = {
  'content-security-policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; " +
    "img-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'cache-control': 'no-store',
};
