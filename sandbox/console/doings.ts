/** Carries out what somebody does to a world, through the same doors that everybody takes there. */
import { messageOf } from '../../domain/errors.ts';
import type { IamUser } from '../../domain/key.ts';
import { problemsIn } from '../asked-form.ts';
import { acknowledge, pressAs, sendAs } from '../cast.ts';
import { buttonsOf } from '../clicker.ts';
import { reportStaleUser } from '../reports.ts';
import { people } from '../settings.ts';
import type { Act, ActAnswer, PersonaKey } from './acts.ts';
import type { Faults } from './faults.ts';
import type { Scene } from './scenes.ts';

export interface Doing {
  readonly scene: Scene;
  readonly faults: Faults;
  /** Forms that were taken or closed. */
  readonly closed: Set<number>;
  /** Why an operator has stopped Keyturn. */
  readonly stopped: { why: string | null };
}

/** Acts on the world itself; time and a new world are not of this. */
export type Deed = Exclude<Act, { readonly type: 'begin' | 'play' | 'pause' | 'step' | 'advance' }>;

export const done = (said: string, problems: readonly string[] = []): ActAnswer =>
  problems.length === 0 ? { ok: true, said } : { ok: true, said, problems };

export const no = (problem: string): ActAnswer => ({ ok: false, problem });

/** Never throws for what somebody asked for: what cannot be done says why. */
export async function doIt(doing: Doing, act: Deed): Promise<ActAnswer> {
  try {
    return await attempt(doing, act);
  } catch (error) {
    // As a function that fails: who called it is told no more than that, and may call again.
    return no(`Keyturn could not take it now; try again. ${messageOf(error)}`);
  }
}

async function attempt(doing: Doing, act: Deed): Promise<ActAnswer> {
  const { world } = doing.scene;
  switch (act.type) {
    case 'press':
      return press(doing, act);
    case 'send':
      return send(doing, act);
    case 'close form':
      doing.closed.add(act.form);
      return done('The form is closed; nothing was sent.');
    case 'acknowledge':
      await acknowledge(world, act.dedupKey, `CONSOLE${world.deliveries.length}-${act.dedupKey}`);
      return done(`${people.sam.name} acknowledges the page.`);
    case 'fault':
      doing.faults.set(act.name, act.on);
      await world.wake();
      return done(`${act.name}: ${act.on ? 'on' : 'off'}`);
    case 'stop': {
      const why = act.why.trim() === '' ? 'stopped in the console' : act.why.trim();
      doing.stopped.why = why;
      await world.stop(why);
      return done('Keyturn is stopped. It heeds that within 30 seconds.');
    }
    case 'go':
      doing.stopped.why = null;
      await world.go();
      await world.wake();
      return done('Keyturn may act again.');
    case 'deliver':
      return deliver(doing, act.event);
    default:
      return toUser(doing, act);
  }
}

export const nameOf = (who: PersonaKey) =>
  who === 'mallory' ? 'Mallory (a stranger)' : people[who].name;

async function press(
  { scene: { world } }: Doing,
  { as, ts, actionId }: Extract<Deed, { type: 'press' }>,
): Promise<ActAnswer> {
  const message = world.slack.message(ts);
  const button = message && buttonsOf(message).find((each) => each.button.action_id === actionId);
  if (message === undefined || button === undefined) {
    return no('That button is not on show any more: the message has changed meanwhile.');
  }
  const status = await pressAs(world, as, message, actionId);
  return done(`${nameOf(as)} presses ${button.label}: HTTP ${status}`);
}

async function send(
  { scene: { world }, closed }: Doing,
  { as, form, answers }: Extract<Deed, { type: 'send' }>,
): Promise<ActAnswer> {
  const modal = world.slack.modals()[form];
  if (modal === undefined || closed.has(form)) return no('That form is not open any more.');
  try {
    const problems = problemsIn(await sendAs(world, as, modal, answers));
    if (problems.length > 0) return done('Keyturn has not taken the form.', problems);
  } catch (error) {
    return no(`Slack does not let this be sent: ${messageOf(error)}`);
  }
  closed.add(form);
  return done('Keyturn has taken the form.');
}

type ToUser = Extract<Deed, { readonly row: string }>;

async function toUser({ scene }: Doing, act: ToUser): Promise<ActAnswer> {
  const { world, programs } = scene;
  const [account = '', userId = ''] = act.row.split('/');
  const isServed = scene.accounts.includes(account);
  const user = isServed && world.cloud.truth(account).users.find((each) => each.userId === userId);
  if (!user || user.deletedAt !== null) return no(`There is no user ${act.row}.`);
  const { userName } = user;
  switch (act.type) {
    case 'forgetful':
      programs.setForgetful(userId, act.on);
      return done(`Programs of ${userName} ${act.on ? 'never change over' : 'change over again'}.`);
    case 'report':
      reportStaleUser(world, user satisfies IamUser, [act.by]);
      return done(`A finding about ${userName} is on its way, by ${act.by}.`);
    case 'change key':
      return changeKey(scene, user, act);
  }
}

/** As a person does in the console of AWS, by IAM's own calls. */
async function changeKey(
  { world }: Scene,
  { account, userName }: IamUser,
  { keyId, to, as }: Extract<ToUser, { type: 'change key' }>,
): Promise<ActAnswer> {
  const input = { UserName: userName, AccessKeyId: keyId };
  const call =
    to === 'Deleted'
      ? { operation: 'DeleteAccessKey', input }
      : { operation: 'UpdateAccessKey', input: { ...input, Status: to } };
  try {
    await world.cloud.call({
      ...call,
      service: 'iam',
      region: world.place.region,
      credentials: world.cloud.roleCredentials(account, 'operator', as),
      sourceIp: '198.51.100.7',
      userAgent: 'console',
    });
  } catch (error) {
    return no(`IAM refuses that: ${messageOf(error)}`);
  }
  return done(`${nameOf(as)} has made the key of ${userName} ${to} by hand.`);
}

/** Far beyond any event; what nests without end could not be shown again. */
const mostLevels = 100;

function isDeeperThan(most: number, value: unknown): boolean {
  let level: readonly unknown[] = [value];
  for (let depth = 0; depth <= most && level.length > 0; depth++) {
    level = level.flatMap((each) =>
      typeof each === 'object' && each !== null ? Object.values(each) : [],
    );
  }
  return level.length > 0;
}

async function deliver({ scene: { world } }: Doing, text: string): Promise<ActAnswer> {
  let event: unknown;
  try {
    event = JSON.parse(text);
  } catch (error) {
    return no(`This is no JSON, so EventBridge could not have sent it: ${messageOf(error)}`);
  }
  if (isDeeperThan(mostLevels, event)) {
    return no(`This nests deeper than ${mostLevels} levels, as no event does.`);
  }
  const { outcome, reason, problems } = await world.deliver(event);
  return done(`${outcome}: ${reason}`, problems);
}
