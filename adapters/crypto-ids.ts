/** Names and hashes: version 5 UUIDs and SHA-256 over canonical JSON (RFC 8785). */
import { hash } from 'node:crypto';
import canonicalize from 'canonicalize';
import { v5 } from 'uuid';
import { Bug } from '../domain/errors.ts';
import type { Ids } from '../domain/ports.ts';

/** Keyturn's own namespace. Changing it would rename every rotation and repeat every order. */
const namespace = '0b0c6a4e-5d0f-5c53-9d2c-6f6f0c9a1e57';

export const cryptoIds: Ids = {
  uuid: (name) => v5(name, namespace),
  digest: (value) => {
    const text = canonicalText(value);
    if (text === undefined) throw new Bug('only JSON values have a digest');
    return hash('sha256', text, 'hex');
  },
};

/**
 * RFC 8785 knows no half characters, and a use's user agent or another system's error may hold
 * some. They count as U+FFFD, as whoever writes them as UTF-8 writes them; else what was decided on
 * seeing one could not be journalled, ever.
 */
function canonicalText(value: unknown): string | undefined {
  try {
    return canonicalize(value);
  } catch (error) {
    const text = JSON.stringify(value);
    // In JSON that was just written, half a character is all that is escaped as one of these.
    const whole = text.replaceAll(/\\(?:u(d[89a-f][0-9a-f]{2})|.)/g, (escaped, half) =>
      half === undefined ? escaped : '\ufffd',
    );
    if (whole === text) throw error;
    return canonicalize(JSON.parse(whole));
  }
}
