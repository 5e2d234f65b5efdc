/**
 * What a version of a secret holds, as JSON. This is what applications read, so it only ever grows:
 *
 *     {
 *       "accessKeyId": "AKIA…",
 *       "secretAccessKey": "…",
 *       "userName": "svc-billing",
 *       "userId": "AIDA…",
 *       "createdAt": "2026-11-02T03:14:07.000Z",
 *       "rotation": "<id of the rotation that made the key>"
 *     }
 *
 * Before the first key it is `{"placeholder": true, "userName": "svc-billing"}`.
 */
import * as v from 'valibot';
import type { StoredKey, VaultContent } from '../domain/custody.ts';
import { instant, parseInstant } from '../domain/instant.ts';
import { Sealed } from '../domain/sealed.ts';

const placeholder = v.object({ placeholder: v.literal(true) });

const storedKey = v.object({
  accessKeyId: v.pipe(v.string(), v.regex(/^AKIA[A-Z0-9]{12,28}$/)),
  secretAccessKey: v.pipe(v.string(), v.nonEmpty()),
  userName: v.pipe(v.string(), v.nonEmpty()),
  userId: v.pipe(v.string(), v.nonEmpty()),
  createdAt: v.pipe(
    v.string(),
    v.check((text) => parseInstant(text) !== undefined),
    v.transform(instant),
  ),
  rotation: v.pipe(v.string(), v.nonEmpty()),
});

/** The text holds the secret: it goes to the vault and nowhere else. */
export function keyJson(key: StoredKey): string {
  return JSON.stringify({
    accessKeyId: key.keyId,
    secretAccessKey: key.secret.reveal(),
    userName: key.userName,
    userId: key.userId,
    createdAt: key.createdAt,
    rotation: key.rotationId,
  });
}

export function placeholderJson(userName: string): string {
  return JSON.stringify({ placeholder: true, userName });
}

/** Never throws and says nothing of a text that it does not understand: it may be a secret. */
export function contentOf(text: string): VaultContent {
  const value = jsonOf(text);
  if (v.is(placeholder, value)) return { kind: 'placeholder' };
  const read = v.safeParse(storedKey, value);
  if (!read.success) return { kind: 'foreign' };
  const { accessKeyId, secretAccessKey, userName, userId, createdAt, rotation } = read.output;
  return {
    kind: 'key',
    key: {
      keyId: accessKeyId,
      secret: new Sealed(secretAccessKey),
      createdAt,
      userName,
      userId,
      rotationId: rotation,
    },
  };
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // The error would quote the text.
    return undefined;
  }
}
