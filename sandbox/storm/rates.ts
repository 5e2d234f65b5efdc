/** How many things happened within a length of time, at worst. */
import { type Instant, toMillis } from '../../domain/instant.ts';

export interface Rate {
  /** Notes one; returns how many fall within the window that ends now, this one included. */
  note(at: Instant): number;
  /** The most that ever fell within one window. */
  readonly most: number;
  readonly count: number;
}

/** A window is open at its beginning: with one second, 10:00:00.000 and 10:00:01.000 are apart. */
export function rateWithin(windowMillis: number): Rate {
  let recent: number[] = [];
  const sums = { most: 0, count: 0 };
  return {
    note: (at) => {
      const now = toMillis(at);
      recent = recent.filter((each) => each > now - windowMillis);
      recent.push(now);
      sums.count += 1;
      sums.most = Math.max(sums.most, recent.length);
      return recent.length;
    },
    get most() {
      return sums.most;
    },
    get count() {
      return sums.count;
    },
  };
}
