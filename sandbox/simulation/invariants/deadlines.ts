/** S9: nothing happens before the time that people were told. */
import { type Instant, millisBetween, millisOf, toMillis } from '../../../domain/instant.ts';
import type { Policy } from '../../../domain/policy.ts';
import { secretNameOf } from '../../../domain/secret-name.ts';
import type { Hours, Window } from '../../../domain/window.ts';
import { type Act, type Committed, type Ledger, rotationsOf } from '../ledger.ts';
import { isKeyturn, keyOf } from '../truth.ts';
import { isClaimed, switchedOff } from './evidence-first.ts';
import { fine, type Invariant, type Problems } from './invariant.ts';

export const neverEarly: Invariant = {
  id: 'S9',
  text: 'No stage before its deadline; snooze has a total cap.',
  onAct: (act, ledger) => {
    const keyId = switchedOff(act);
    if (keyId === undefined || !isClaimed(ledger, keyId)) return fine;
    const deleted = act.operation === 'DeleteAccessKey';
    return [
      ...beforeWhatWasTold(act, ledger, keyId),
      ...(deleted ? soakedTooShort(act, ledger, keyId) : overlappedTooShort(act, ledger, keyId)),
    ];
  },
  onCommit: (committed) => [...outsideTheWindow(committed), ...snoozedTooLong(committed)],
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

/** From AWSCURRENT's move to the deactivation: the grace, by the account's own history. */
function overlappedTooShort(act: Act, ledger: Ledger, keyId: string): Problems {
  const policy = policyOf(ledger, keyId);
  const { user } = rotationsOf(ledger, keyId).at(-1)?.rotation.key ?? {};
  const secret = `:secret:${user === undefined ? '' : secretNameOf(user)}-`;
  const moved = ledger.acts.findLast(
    ({ by, operation, input, account, at }) =>
      by === 'keyturn' &&
      operation === 'UpdateSecretVersionStage' &&
      input.VersionStage === 'AWSCURRENT' &&
      String(input.SecretId).includes(secret) &&
      account === act.account &&
      at >= (rotationsOf(ledger, keyId).at(-1)?.rotation.openedAt ?? at),
  );
  if (moved === undefined || policy === undefined) return fine;
  const hours = millisBetween(moved.at, act.at) / millisOf({ hours: 1 });
  return hours >= policy.graceHours
    ? fine
    : [`${keyId} went off ${hours.toFixed(1)} h after the new key came, of ${policy.graceHours} h`];
}

function soakedTooShort(act: Act, ledger: Ledger, keyId: string): Problems {
  const policy = policyOf(ledger, keyId);
  const key = keyOf(ledger.world, act.account, keyId);
  const off = key?.changes.findLast(({ to, by }) => to === 'Inactive' && isKeyturn(by));
  if (off === undefined || policy === undefined) return fine;
  const hours = millisBetween(off.at, act.at) / millisOf({ hours: 1 });
  return hours >= policy.soakHours
    ? fine
    : [`${keyId} was deleted after ${hours.toFixed(1)} h of soak, of ${policy.soakHours} h`];
}

function policyOf(ledger: Ledger, keyId: string): Policy | undefined {
  return rotationsOf(ledger, keyId).at(-1)?.rotation.policy;
}

/** Runs that take something from people start inside the window; giving back never waits. */
function outsideTheWindow({ entry, at }: Committed): Problems {
  const starts = entry.effects.some(
    ({ effect }) => effect.type === 'start runbook' && effect.runbook !== 'restore-key',
  );
  const { window } = entry.state.policy;
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
function snoozedTooLong({ entry }: Committed): Problems {
  const { snoozedHours, policy } = entry.state;
  const limit = Math.min(policy.snoozeCapHours, 7 * 24);
  const granted = entry.event.type === 'snoozed' && entry.ignored === null;
  return granted && snoozedHours > limit ? [`snoozed for ${snoozedHours} h in all`] : fine;
}
