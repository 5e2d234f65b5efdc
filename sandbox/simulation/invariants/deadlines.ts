/** S9: nothing happens before the time that people were told. */
import { type Instant, millisBetween, millisOf, toMillis } from '../../../domain/instant.ts';
import type { Policy } from '../../../domain/policy.ts';
import type { Hours, Window } from '../../../domain/window.ts';
import type { KeyRecord } from '../../account/directory.ts';
import {
  type Act,
  type Committed,
  isRetired,
  type Ledger,
  type Move,
  rotationsOf,
} from '../ledger.ts';
import { policyFor } from '../plan-policy.ts';
import { planOfUser } from '../subjects.ts';
import { isKeyturn } from '../truth.ts';
import { oldKeyOff } from './evidence-first.ts';
import { fine, type Invariant, type Problems } from './invariant.ts';

export const neverEarly: Invariant = {
  id: 'S9',
  text: 'No stage before its deadline; snooze has a total cap.',
  onAct: (act, ledger) => {
    const key = oldKeyOff(act, ledger);
    if (key === undefined) return fine;
    const told = beforeWhatWasTold(act, ledger, key.keyId);
    if (act.operation === 'DeleteAccessKey') return [...told, ...soakedTooShort(act, ledger, key)];
    return isRetired(ledger, key.keyId)
      ? [...told, ...noticeTooShort(act, ledger, key)]
      : [...told, ...overlappedTooShort(act, ledger, key)];
  },
  onCommit: (committed, ledger) => [
    ...outsideTheWindow(committed, ledger),
    ...snoozedTooLong(committed, ledger),
  ],
};

const toldDeadline = /(?:switched off|deleted) at (\d{4}-\d\d-\d\d \d\d:\d\d) UTC/g;

/** The last time that the thread named for this stage. */
function beforeWhatWasTold(act: Act, ledger: Ledger, keyId: string): Problems {
  const latest = rotationsOf(ledger, keyId).at(-1);
  const stages =
    act.operation === 'DeleteAccessKey' ? ['soaking', 'held'] : ['proposed', 'overlapping', 'held'];
  const told = latest?.entries
    .filter(({ entry, at }) => at <= act.at && stages.includes(entry.to))
    .flatMap(({ entry }) =>
      entry.effects.flatMap(({ effect }) => ('news' in effect ? [effect.news ?? ''] : [])),
    )
    .flatMap((news) => [...news.matchAll(toldDeadline)].map(([, time = '']) => time))
    .at(-1);
  if (told === undefined) return [`nobody was ever told when ${keyId} would go`];
  const deadline = `${told.replace(' ', 'T')}:00.000Z`;
  return deadline <= act.at ? fine : [`${keyId} went at ${act.at}, told was ${told} UTC`];
}

/** From the moment that readers got another key to the deactivation: the grace. */
function overlappedTooShort(act: Act, ledger: Ledger, key: KeyRecord): Problems {
  const { keyId, userId } = key;
  const policy = policyOfUser(ledger, userId);
  // A native rotation is told by the vault's event, although a copy may be behind by then.
  const home = ledger.plan.place.region;
  const isCounted = ({ region }: Move) => !isNative(ledger, userId) || region === home;
  const moved = ledger.moves
    .filter(isCounted)
    .findLast((move) => move.userId === userId && move.keyId !== keyId && move.at <= act.at);
  if (moved === undefined || policy === undefined) return fine;
  const hours = hoursBetween(moved.at, act.at);
  return hours >= policy.graceHours
    ? fine
    : [`${keyId} went off ${hours.toFixed(1)} h after the new key came, of ${policy.graceHours} h`];
}

/** Whoever may need an unused key has as long, from its approval or from its claim on. */
function noticeTooShort(act: Act, ledger: Ledger, { keyId, userId }: KeyRecord): Problems {
  const policy = policyOfUser(ledger, userId);
  const entries = rotationsOf(ledger, keyId).at(-1)?.entries ?? [];
  const approved = entries.findLast(
    ({ entry, at }) => entry.event.type === 'approved' && entry.ignored === null && at <= act.at,
  );
  const since = (approved ?? entries[0])?.at;
  if (since === undefined || policy === undefined) return fine;
  const hours = hoursBetween(since, act.at);
  return hours >= policy.graceHours
    ? fine
    : [`${keyId} was retired ${hours.toFixed(1)} h after notice, of ${policy.graceHours} h`];
}

function soakedTooShort(act: Act, ledger: Ledger, { keyId, userId, changes }: KeyRecord): Problems {
  const policy = policyOfUser(ledger, userId);
  const off = changes.findLast(({ to, by }) => to === 'Inactive' && isKeyturn(by));
  if (off === undefined || policy === undefined) return fine;
  const hours = hoursBetween(off.at, act.at);
  return hours >= policy.soakHours
    ? fine
    : [`${keyId} was deleted after ${hours.toFixed(1)} h of soak, of ${policy.soakHours} h`];
}

function hoursBetween(from: Instant, to: Instant): number {
  return millisBetween(from, to) / millisOf({ hours: 1 });
}

function policyOfUser(ledger: Ledger, userId: string): Policy | undefined {
  const planned = planOfUser(ledger, userId);
  return planned === undefined ? undefined : policyFor(ledger.plan, planned);
}

/** Runs that take something from people start inside the window; giving back never waits. */
function outsideTheWindow({ entry, at }: Committed, ledger: Ledger): Problems {
  const starts = entry.effects.some(
    ({ effect }) => effect.type === 'start runbook' && effect.runbook !== 'restore-key',
  );
  const { window } = policyOfUser(ledger, entry.state.key.user.userId) ?? entry.state.policy;
  return !starts || isOpenAt(window, at) ? fine : [`${entry.to} began at ${at}, window closed`];
}

/** Worked out with the platform's own calendar, not with Keyturn's. */
export function isOpenAt(window: Window, at: Instant): boolean {
  return window === 'any time' || window.every((hours) => isWithin(hours, at));
}

/** Of windows that open and close on the same day, as those of simulated worlds do. */
function isWithin({ timeZone, days, from, to }: Hours, at: Instant): boolean {
  const parts = calendarOf(timeZone).formatToParts(toMillis(at));
  const part = (type: string) => parts.find((each) => each.type === type)?.value ?? '';
  const day = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'].indexOf(part('weekday')) + 1;
  const time = `${part('hour')}:${part('minute')}`;
  return days.includes(day) && from <= time && time < to;
}

/** One for each time zone: making it takes longer than a hundred answers. */
const calendars = new Map<string, Intl.DateTimeFormat>();

function calendarOf(timeZone: string): Intl.DateTimeFormat {
  const known = calendars.get(timeZone);
  if (known !== undefined) return known;
  const calendar = new Intl.DateTimeFormat('en-GB', {
    timeZone,
    weekday: 'short',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  });
  calendars.set(timeZone, calendar);
  return calendar;
}

/** Beyond what all snoozes together may add, an hour of rounding aside. */
function snoozedTooLong({ entry }: Committed, ledger: Ledger): Problems {
  const { snoozedHours, key } = entry.state;
  const limit = policyOfUser(ledger, key.user.userId)?.snoozeCapHours ?? 7 * 24;
  const isSnooze = entry.event.type === 'snoozed' || entry.event.type === 'snoozed until';
  const granted = isSnooze && entry.ignored === null;
  return granted && snoozedHours > limit ? [`snoozed for ${snoozedHours} h in all`] : fine;
}

function isNative({ users }: Ledger, userId: string): boolean {
  return (users.get(userId)?.native ?? null) !== null;
}
