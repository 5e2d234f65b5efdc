/**
 * S2: what was knowable of the uses of a key is worked out anew here, from its exact uses: with
 * their true times, all but those that may not have shown yet.
 */
import { type Instant, millisBetween, plus } from '../../../domain/instant.ts';
import type { KeyChange, KeyRecord } from '../../account/directory.ts';
import {
  type Act,
  type Committed,
  isRetired,
  type KeyUse,
  knowable,
  type Ledger,
  lagHours,
  rotationsOf,
  unseenFor,
  usesOf,
} from '../ledger.ts';
import { isOld, retiresUnused } from '../subjects.ts';
import { currentKeyId, isKeyturn, keyOf } from '../truth.ts';
import { fine, type Invariant, type Problems } from './invariant.ts';

export const evidenceFirst: Invariant = {
  id: 'S2',
  text:
    'A key is deactivated or deleted only on positive, fresh, complete evidence or on an ' +
    'authorised person’s journalled force.',
  onAct: (act, ledger) => {
    const key = oldKeyOff(act, ledger);
    if (key === undefined) return fine;
    const { keyId } = key;
    const contrary = againstPolicy(ledger, key);
    if (saidSo(ledger, keyId, 'forced', act.at)) return contrary;
    return isRetired(ledger, keyId)
      ? [...contrary, ...notUnused(ledger, act, keyId)]
      : [...notQuiet(ledger, act, keyId), ...notTakenUp(ledger, act, key)];
  },
};

/** The old key that Keyturn's act switches off or deletes; undefined for any other act. */
export function oldKeyOff(act: Act, ledger: Ledger): KeyRecord | undefined {
  const keyId = switchedOff(act);
  const key = keyId === undefined ? undefined : keyOf(ledger.world, act.account, keyId);
  return key !== undefined && isOld(ledger, key) ? key : undefined;
}

/** Retired where the policy has unused keys replaced. */
function againstPolicy(ledger: Ledger, { keyId, userId }: KeyRecord): Problems {
  return isRetired(ledger, keyId) && !retiresUnused(ledger, userId)
    ? [`${keyId} was retired, although its policy retires no keys`]
    : fine;
}

const floorHours = 24;
const unusedDays = 90;
const sessionTokenHours = 37;

/** The key that Keyturn's act switches off or deletes. */
export function switchedOff({ by, service, operation, input }: Act): string | undefined {
  const isOff =
    operation === 'DeleteAccessKey' ||
    (operation === 'UpdateAccessKey' && input.Status === 'Inactive');
  return by === 'keyturn' && service === 'iam' && isOff ? String(input.AccessKeyId) : undefined;
}

/**
 * Whether somebody's journalled word stands at that moment. What was said before something went
 * wrong is not relied on again: a force ends with the next resuming. An attestation ends when the
 * overlap begins anew, unless it was given on that very hold; and when force takes its place, it
 * shares what becomes of that. It also ends when the key turns out not to be whose word it was.
 */
function saidSo(ledger: Ledger, keyId: string, word: 'forced' | 'attested', at: Instant): boolean {
  return rotationsOf(ledger, keyId).some(({ entries }) => {
    const before = entries.filter((each) => each.at <= at && each.entry.ignored === null);
    const said = before.findLastIndex(({ entry }) => entry.event.type === word);
    const saying = before[said];
    if (saying === undefined) return false;
    const since = before.slice(said + 1);
    if (word === 'attested' && since.some((each) => isDisowned(each, saying))) return false;
    if (word === 'attested' && since.some(({ entry }) => entry.event.type === 'forced')) {
      return !since.some(({ entry }) => entry.event.type === 'resumed');
    }
    return !since.some((each) => takesBack(each, word, saying.at));
  });
}

/** Whoever gave their word had the key until that, and has it no more. */
function isDisowned({ entry, before }: Committed, saying: Committed): boolean {
  const { actor } = saying.entry;
  const { event } = entry;
  if (event.type !== 'reassigned' || actor.kind !== 'person') return false;
  const had = before?.owner.known === true && before.owner.slackUserId === actor.id;
  return had && !(event.owner.known && event.owner.slackUserId === actor.id);
}

function takesBack({ entry, before }: Committed, word: string, saidAt: Instant): boolean {
  if (entry.event.type !== 'resumed') return false;
  if (word === 'forced') return true;
  const heldSince = before?.stage.name === 'held' ? before.stage.since : undefined;
  return entry.to === 'overlapping' && (heldSince === undefined || saidAt < heldSince);
}

function notQuiet(ledger: Ledger, act: Act, keyId: string): Problems {
  const uses = knowable(usesOf(ledger, keyId), act.at);
  const isDeletion = act.operation === 'DeleteAccessKey';
  const off = isDeletion ? latestDeactivation(ledger, act, keyId) : undefined;
  if (isDeletion && off === undefined) return fine;
  // For a deletion, what counts is how quiet it was when it was switched off.
  const until = off === undefined ? act.at : plus(off.at, unseenFor);
  const lag = off === undefined ? lagHours : 0;
  return groupsOf(uses, act.at).flatMap(({ name, of, hours }) => {
    const last = of.at(-1);
    if (last === undefined || (off !== undefined && last.at > off.at)) return [];
    const quietAt = plus(last.at, { hours: hours + lag });
    return quietAt <= until
      ? []
      : [`${keyId} was used at ${last.at} (${name}), not quiet ${hours.toFixed(1)} h by ${until}`];
  });
}

/** A key is retired that nobody used for 90 days, or that is so old and was never used. */
function notUnused(ledger: Ledger, act: Act, keyId: string): Problems {
  const key = keyOf(ledger.world, act.account, keyId);
  const off = act.operation === 'DeleteAccessKey' ? latestDeactivation(ledger, act, keyId) : act;
  const last = knowable(usesOf(ledger, keyId), act.at).at(-1);
  const since = last?.at ?? key?.createdAt ?? act.at;
  const unusedAt = plus(since, { days: unusedDays });
  return off === undefined || unusedAt <= plus(off.at, unseenFor)
    ? fine
    : [`${keyId} was retired at ${off.at}, last used or made at ${since}`];
}

function latestDeactivation(ledger: Ledger, act: Act, keyId: string): KeyChange | undefined {
  const key = keyOf(ledger.world, act.account, keyId);
  return key?.changes.findLast(({ to, by }) => to === 'Inactive' && isKeyturn(by));
}

interface Group {
  readonly name: string;
  readonly of: readonly KeyUse[];
  readonly hours: number;
}

/**
 * All uses, and those of each program by themselves. A rhythm is knowable only from what
 * CloudTrail's event history shows: management events of 90 days, wherever they were made.
 */
function groupsOf(uses: readonly KeyUse[], at: Instant): readonly Group[] {
  const since = plus(at, { days: -90, hours: 1 });
  const shown = uses.filter((use) => use.at >= since && use.operation !== 'GetObject');
  const programs = Map.groupBy(shown, (use) => `${use.service} by ${use.userAgent}`);
  const tokens = shown.some((use) => use.operation === 'GetSessionToken') ? sessionTokenHours : 0;
  const floor = Math.max(floorHours, tokens);
  return [
    { name: 'anybody', of: uses, hours: floor },
    ...[...programs].map(([name, of]) => ({
      name,
      of,
      hours: Math.max(floor, 2 * longestGapHours(of)),
    })),
  ];
}

function longestGapHours(uses: readonly KeyUse[]): number {
  const gaps = uses.slice(1).map((use, index) => millisBetween(uses[index]?.at ?? use.at, use.at));
  return Math.max(0, ...gaps) / 3_600_000;
}

function notTakenUp(ledger: Ledger, act: Act, { keyId, userId }: KeyRecord): Problems {
  if (saidSo(ledger, keyId, 'attested', act.at)) return fine;
  const current = currentKeyId(ledger, act.account, userId);
  // A label that an outsider has just moved may not have been seen; S1 looks at what it is now.
  if (current === null || current === keyId) return fine;
  const used = usesOf(ledger, current).some((use) => !use.own && use.at <= act.at);
  return used ? fine : [`${keyId} went off although nobody had used ${current}, nor attested`];
}
