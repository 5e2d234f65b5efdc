/**
 * Everything that looks random in the sandbox follows from its seed: the same seed and the same
 * calls in the same order give the same ids, keys and secrets.
 */
import { hash } from 'node:crypto';

export interface Seeded {
  /** The next UUID of a kind. */
  uuid(kind: string): string;
  /** The same, worked out once it is asked for: most are not. */
  uuidLater(kind: string): () => string;
  /** The next text of a kind: so many characters of A–Z and 2–7, at most 60. */
  letters(kind: string, length: number): string;
  /** A number from 0 up to 1 that follows from the seed and the name alone. */
  fraction(name: string): number;
}

const base32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

export function seeded(seed: string): Seeded {
  const counts = new Map<string, number>();
  const nextName = (kind: string): string => {
    const count = (counts.get(kind) ?? 0) + 1;
    counts.set(kind, count);
    return `${seed}/${kind}/${count}`;
  };
  const next = (kind: string): string => hash('sha256', nextName(kind), 'hex');
  return {
    uuid: (kind) => asUuid(next(kind)),
    uuidLater: (kind) => {
      const name = nextName(kind);
      let made: string | undefined;
      return () => {
        made ??= asUuid(hash('sha256', name, 'hex'));
        return made;
      };
    },
    letters: (kind, length) => {
      const hex = next(kind);
      let text = '';
      for (let at = 0; at < length; at++) {
        text += base32.charAt(Number.parseInt(hex.slice(at, at + 2), 16) & 31);
      }
      return text;
    },
    fraction: (name) => {
      const hex = hash('sha256', `${seed}/fraction/${name}`, 'hex');
      return Number.parseInt(hex.slice(0, 8), 16) / 2 ** 32;
    },
  };
}

function asUuid(hex: string): string {
  const start = `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}`;
  return `${start}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
