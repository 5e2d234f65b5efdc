/**
 * The rings of the roll-out: whether a key's ring is open, asked before anything begins, and what a
 * rotation that ended, or went wrong, means for them.
 */
import type { OutstandingEffect } from '../domain/effect.ts';
import type { RingNotes } from '../domain/lists.ts';
import type { Policy } from '../domain/policy.ts';
import type { Messenger, RotationStore } from '../domain/ports.ts';
import {
  markOf,
  type RingMark,
  type RingMarks,
  type RingStanding,
  ringNews,
  ringOf,
  standings,
} from '../domain/rings.ts';
import type { Performed } from './performed.ts';

export interface RingDeps {
  readonly store: RingNotes;
  /** Their names, the first one first; none where everything goes at once. */
  readonly rings: readonly string[];
}

/** How each ring stands now. Throws Transient or Permanent: unknown is never open. */
async function ringStandings({ store, rings }: RingDeps): Promise<readonly RingStanding[]> {
  return standings(rings, await marksOf(store, rings));
}

/** Why nothing may begin in the ring of a policy; null if it may. Throws as ringStandings(). */
export async function whyRingClosed(
  deps: RingDeps,
  policy: Pick<Policy, 'ring'>,
): Promise<string | null> {
  const { rings } = deps;
  const ring = ringOf(policy, rings);
  if (rings.length === 0 || ring === rings[0]) return null;
  const standing = (await ringStandings(deps)).find((each) => each.ring === ring);
  if (standing === undefined) return `${ring}: closed, since nothing is known of it`;
  return standing.isOpen ? null : standing.why;
}

/** Notes how the rotation went, and then tells the team if that means something for the rings. */
export async function markRing(
  {
    store,
    rings,
    messenger,
  }: {
    readonly store: RingNotes & Pick<RotationStore, 'journal'>;
    readonly rings: readonly string[];
    readonly messenger: Pick<Messenger, 'tellTeam'>;
  },
  { rotationId }: Pick<OutstandingEffect, 'rotationId'>,
): Promise<Performed> {
  const mark = markOf(await store.journal(rotationId));
  if (mark === undefined) return { superseded: 'it went neither well nor wrong' };
  const noted = await marksOf(store, [...new Set([...rings, mark.ring])]);
  if (allIn(noted, mark.ring).some((each) => isSame(each, mark) && each.told)) return 'performed';
  // What is noted holds, whether or not anybody can be told.
  await store.markRing(mark);
  const before = without(noted, mark);
  const now = await marksOf(store, rings);
  const news = rings.includes(mark.ring)
    ? ringNews(standings(rings, before), standings(rings, now), mark)
    : undefined;
  if (news !== undefined) await messenger.tellTeam(news);
  await store.markRing({ ...mark, told: true });
  return 'performed';
}

type Marks = ReadonlyMap<string, RingMarks>;

async function marksOf(store: RingNotes, rings: readonly string[]): Promise<Marks> {
  const each = rings.map(async (ring) => [ring, await store.ringMarks(ring)] as const);
  return new Map(await Promise.all(each));
}

function allIn(marks: Marks, ring: string): readonly RingMark[] {
  const { bad, clean = [] } = marks.get(ring) ?? {};
  return bad === undefined ? clean : [bad, ...clean];
}

function isSame(one: RingMark, other: RingMark): boolean {
  return one.rotationId === other.rotationId && one.is === other.is && one.at === other.at;
}

/** As it was before the mark, which a try that failed may have noted. */
function without(marks: Marks, mark: RingMark): Marks {
  const { bad, clean = [] } = marks.get(mark.ring) ?? {};
  const rest = {
    bad: bad !== undefined && isSame(bad, mark) ? undefined : bad,
    clean: clean.filter((each) => !isSame(each, mark)),
  };
  return new Map([...marks, [mark.ring, rest]]);
}
