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
    const text = canonicalize(value);
    if (text === undefined) throw new Bug('only JSON values have a digest');
    return hash('sha256', text, 'hex');
  },
};
