/**
 * Whoever is on call in a simulated world: acknowledges pages in PagerDuty, which tells of it once,
 * twice, late, out of order or not at all, while strangers forge what it would tell.
 */
import { type Instant, isDue, plus } from '../../domain/instant.ts';
import type { HttpEvent } from '../clicker.ts';
import { told } from '../on-call.ts';
import { webhookSecret } from '../settings.ts';
import { outside } from './invocation.ts';
import type { Crowd } from './sent-presses.ts';

const onCall = [
  { id: 'PSAM', name: 'Sam Oncall' },
  { id: 'PNIGHT', name: '<!channel> *Night* shift' },
] as const;

const manners = ['once', 'once', 'once', 'twice', 'late', 'never', 'forged', 'again'] as const;
/** Then everybody has seen that incident. */
const mostAnswers = 5;
/** PagerDuty tells again what nobody took. */
const mostTries = 3;

type Shift = Pick<Crowd, 'world' | 'ledger' | 'dice' | 'tell'> & { readonly sent: HttpEvent[] };

/** Lets whoever is on call look at PagerDuty every few hours, on and on. */
export function startOnCall(crowd: Crowd): void {
  const { plan, world, dice } = crowd;
  const shift: Shift = { ...crowd, sent: [] };
  const answers = new Map<string, number>();
  const look = async (): Promise<void> => {
    const now = world.clock.now();
    const hours = isDue(plan.calmFrom, now) ? 24 : 8;
    world.clock.at(plus(now, { minutes: Math.round(60 * hours * (0.5 + dice.fraction())) }), look);
    for (const { dedupKey, status } of world.pagerDuty.incidents()) {
      if (status === 'resolved' || !dice.chance(0.4)) continue;
      const before = answers.get(dedupKey) ?? 0;
      answers.set(dedupKey, before + 1);
      if (before < mostAnswers) await answer(shift, dedupKey, status, now);
    }
  };
  world.clock.at(plus(plan.start, { hours: 2 }), look);
}

async function answer(
  shift: Shift,
  dedupKey: string,
  status: 'triggered' | 'acknowledged',
  at: Instant,
): Promise<void> {
  const { world, dice, ledger, sent } = shift;
  const what = status === 'triggered' ? 'acknowledged' : 'unacknowledged';
  if (what === 'acknowledged') world.pagerDuty.acknowledge(dedupKey);
  else world.pagerDuty.timeOut(dedupKey);
  const manner = dice.pick(manners);
  const eventId = `SIMULATED${ledger.answers.size + 1}`;
  const who = what === 'acknowledged' ? { who: dice.pick(onCall) } : {};
  const secret = manner === 'forged' ? 'somebody-else' : webhookSecret.signingSecrets[0];
  const made = told({ what, dedupKey, at, eventId, ...who }, [secret]);
  const event = manner === 'again' && sent.length > 0 ? dice.pick(sent) : made;
  ledger.answers.set(made.body, { eventId, genuine: manner !== 'forged', changes: 0 });
  if (manner !== 'forged') sent.push(made);
  shift.tell(`PagerDuty tells (${manner}) that ${dedupKey} is ${what}`);
  if (manner === 'never') return;
  if (manner === 'late') {
    const later = plus(at, { hours: dice.between(1, 60) });
    world.clock.at(later, () => deliver(shift, event));
    return;
  }
  await deliver(shift, event);
  if (manner === 'twice') await deliver(shift, event);
}

async function deliver(shift: Shift, event: HttpEvent, tries = 1): Promise<void> {
  const { world } = shift;
  const isTaken = await outside(async () => {
    try {
      return 'statusCode' in (await world.handlers.onPagerDutyEvent(event));
    } catch {
      return false;
    }
  });
  await world.wake();
  if (isTaken || tries === mostTries) return;
  const again = plus(world.clock.now(), { minutes: 5 });
  world.clock.at(again, () => deliver(shift, event, tries + 1));
}
