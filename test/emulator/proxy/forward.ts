/** A request handed on to moto as it came, host and signature included, with the time it is. */
import { request as httpRequest } from 'node:http';
import type { Instant } from '../../../domain/instant.ts';
import type { WireAnswer } from './answer.ts';
import type { WireRequest } from './wire.ts';

/** Those that speak of one connection only. */
const ofTheConnection: ReadonlySet<string> = new Set(['connection', 'transfer-encoding']);

export function forward(port: number, sent: WireRequest, now: Instant): Promise<WireAnswer> {
  const { method, path, body } = sent;
  const headers = { ...sent.headers, 'x-keyturn-now': now, connection: 'close' };
  return new Promise((resolve, reject) => {
    const outgoing = httpRequest({ host: '127.0.0.1', port, method, path, headers }, (answer) => {
      const chunks: Buffer[] = [];
      answer.on('data', (chunk: Buffer) => chunks.push(chunk));
      answer.on('error', reject);
      answer.on('end', () => {
        const kept = Object.entries(answer.headers).flatMap(([name, value]) =>
          value === undefined || ofTheConnection.has(name) ? [] : [[name, value] as const],
        );
        resolve({
          status: answer.statusCode ?? 502,
          headers: Object.fromEntries(kept),
          body: Buffer.concat(chunks),
        });
      });
    });
    outgoing.on('error', reject);
    outgoing.end(body);
  });
}
