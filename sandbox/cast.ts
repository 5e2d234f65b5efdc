/**
 * The people of the story. They see what Slack shows and press what it offers, through the same
 * signed requests that Slack would send.
 */
import { fromMillis, type Instant, inUtcWords, isDue, plus } from '../domain/instant.ts';
import { buttonsOf, type Finger, press } from './clicker.ts';
import type { Settled } from './company.ts';
import { type Answers, submit } from './form-filler.ts';
import { told } from './on-call.ts';
import { integrationSecret, people, slackSetup, webhookSecret } from './settings.ts';
import type { ShownMessage } from './slack.ts';
import type { ShownModal } from './slack-views.ts';
import type { World } from './world.ts';

/** One press or form sent, and how the handler answered. */
export interface Pressed {
  readonly at: Instant;
  readonly who: string;
  readonly button: string;
  readonly userName: string;
  readonly status: number;
  /** What was sent in the form that the button opened; null for the press itself. */
  readonly form: { readonly title: string; readonly answers: readonly string[] } | null;
}

/** Presses a button as a person; the answer's HTTP status. */
export async function pressAs(
  world: World,
  who: keyof typeof people | 'mallory',
  message: ShownMessage,
  button: string,
): Promise<number> {
  const answer = await world.handlers.onSlackAction(press(message, button, fingerOf(world, who)));
  await world.wake();
  return 'statusCode' in answer ? answer.statusCode : 500;
}

/** Opens a form as a person, fills it in and sends it; the answer's body: empty once it counts. */
export async function fillInAs(
  world: World,
  who: keyof typeof people | 'mallory',
  message: ShownMessage,
  button: string,
  answers: Answers,
): Promise<string> {
  const { modal } = await openAs(world, who, message, button);
  return sendAs(world, who, modal, answers);
}

/** Sends a form that a person has before them, filled in; the answer's body. */
export async function sendAs(
  world: World,
  who: keyof typeof people | 'mallory',
  modal: ShownModal,
  answers: Answers,
): Promise<string> {
  const answer = await submitAs(world, who, modal, answers);
  return 'statusCode' in answer ? answer.body : answer.problem;
}

/** Presses a button that shows a form; throws if none was shown. */
async function openAs(
  world: World,
  who: keyof typeof people | 'mallory',
  message: ShownMessage,
  button: string,
): Promise<{ readonly status: number; readonly modal: ShownModal }> {
  const before = world.slack.modals().length;
  const status = await pressAs(world, who, message, button);
  const modal = world.slack.modals()[before];
  if (modal === undefined) throw new Error(`${who} was shown no form by "${button}"`);
  return { status, modal };
}

async function submitAs(
  world: World,
  who: keyof typeof people | 'mallory',
  modal: ShownModal,
  answers: Answers,
) {
  const answer = await world.handlers.onSlackAction(submit(modal, answers, fingerOf(world, who)));
  await world.wake();
  return answer;
}

function fingerOf(world: World, who: keyof typeof people | 'mallory'): Finger {
  return {
    slackUserId: who === 'mallory' ? 'U0MALLORY' : people[who].slackUserId,
    appId: slackSetup.appId,
    teamId: slackSetup.teamId,
    signingSecret: integrationSecret.slackSigningSecrets[0],
    now: world.clock.now(),
  };
}

/** What somebody does: once, when a button has been on show for so long. */
interface Intention {
  readonly who: keyof typeof people | 'mallory';
  readonly userName: string;
  readonly button: string;
  readonly afterHours: number;
  /** Only while the message says this. */
  readonly when?: string;
  /** The button shows a form, which is sent with what it proposes. */
  readonly sends?: true;
}

const intentions: readonly Intention[] = [
  ...['svc-billing-export', 'svc-legacy-sync', 'svc-nightly-report', 'svc-mobile-push'].map(
    (userName) => ({ who: 'ada' as const, userName, button: 'Approve', afterHours: 2 }),
  ),
  { who: 'mallory', userName: 'svc-image-resizer', button: 'Approve', afterHours: 1 },
  { who: 'omar', userName: 'svc-image-resizer', button: 'Snooze 1 d', afterHours: 2 },
  {
    ...{ who: 'olivia', userName: 'svc-nightly-report', button: 'Custom…', afterHours: 4 },
    when: String.raw`*Stage*\nSoak`,
    sends: true,
  },
  { who: 'ada', userName: 'svc-image-resizer', button: 'Approve', afterHours: 20 },
  { who: 'ada', userName: 'svc-warehouse', button: 'Approve', afterHours: 60 },
  { who: 'olivia', userName: 'svc-mobile-push', button: 'Roll back', afterHours: 10 },
  {
    who: 'olivia',
    userName: 'svc-mobile-push',
    button: 'Resume',
    afterHours: 12,
    when: 'olled back',
  },
];

export interface Cast {
  readonly pressed: readonly Pressed[];
  /** Whether everybody has done what they meant to do. */
  isThrough(): boolean;
}

/** Lets everybody look at Slack every half hour. */
export function startCast(world: World, company: readonly Settled[]): Cast {
  const pressed: Pressed[] = [];
  const open = new Set(intentions);
  const seen = new Map<Intention, Instant>();

  const look = async (): Promise<void> => {
    world.clock.at(plus(world.clock.now(), { minutes: 30 }), look);
    for (const intention of [...open]) {
      const message = messageOf(world, company, intention);
      if (message === undefined) continue;
      const first = seen.get(intention) ?? world.clock.now();
      seen.set(intention, first);
      if (!isDue(plus(first, { hours: intention.afterHours }), world.clock.now())) continue;
      open.delete(intention);
      pressed.push(...(await act(world, intention, message)));
    }
  };
  world.clock.at(world.clock.now(), look);
  deleteByHand(world, company);
  acknowledgePages(world);
  return { pressed, isThrough: () => open.size === 0 };
}

async function act(
  world: World,
  { who, button, userName, sends }: Intention,
  message: ShownMessage,
): Promise<readonly Pressed[]> {
  const name = who === 'mallory' ? 'Mallory (a stranger)' : people[who].name;
  const done = { at: world.clock.now(), who: name, button, userName };
  if (sends !== true) {
    return [{ ...done, status: await pressAs(world, who, message, button), form: null }];
  }
  const { status, modal } = await openAs(world, who, message, button);
  const answer = await submitAs(world, who, modal, {});
  const form = { title: modal.view.title.text, answers: proposedIn(modal) };
  return [
    { ...done, status, form: null },
    { ...done, status: 'statusCode' in answer ? answer.statusCode : 500, form },
  ];
}

/** What each field of a form holds before anybody has touched it. */
function proposedIn({ view }: ShownModal): readonly string[] {
  return view.blocks.flatMap((block) => {
    if (block.type !== 'input' || block.element.type !== 'datetimepicker') return [];
    const { initial_date_time: seconds } = block.element;
    return seconds === undefined ? [] : [inUtcWords(fromMillis(seconds * 1000))];
  });
}

/** The message about that user, if it offers the button (and says what is waited for). */
function messageOf(
  world: World,
  company: readonly Settled[],
  { userName, button, when }: Intention,
): ShownMessage | undefined {
  const user = company.find(({ employee }) => employee.userName === userName)?.user;
  return world.slack
    .messages()
    .find(
      (message) =>
        message.threadTs === null &&
        user !== undefined &&
        message.text.includes(`${user.account}/${userName}`) &&
        (when === undefined || JSON.stringify(message.blocks).includes(when)) &&
        buttonsOf(message).some(({ label }) => label === button || label.startsWith(`${button} `)),
    );
}

/** Sam acknowledges an incident in PagerDuty, which tells of it. */
export async function acknowledge(world: World, dedupKey: string, eventId: string): Promise<void> {
  world.pagerDuty.acknowledge(dedupKey);
  const at = world.clock.now();
  const who = { id: 'PSAM', name: people.sam.name };
  const answer = { what: 'acknowledged', dedupKey, who, at, eventId } as const;
  await world.handlers.onPagerDutyEvent(told(answer, webhookSecret.signingSecrets));
  await world.wake();
}

/** Sam is on call, and looks at what rings every hour. */
function acknowledgePages(world: World): void {
  const answered = new Set<string>();
  const look = async (): Promise<void> => {
    const at = world.clock.now();
    world.clock.at(plus(at, { hours: 1 }), look);
    for (const { dedupKey, status } of world.pagerDuty.incidents()) {
      if (status !== 'triggered' || answered.has(dedupKey)) continue;
      answered.add(dedupKey);
      await acknowledge(world, dedupKey, `STORY${answered.size}`);
    }
  };
  world.clock.at(plus(world.clock.now(), { minutes: 20 }), look);
}

/** Two days in, the owner of svc-warehouse deletes its key by hand: nothing used it. */
function deleteByHand(world: World, company: readonly Settled[]): void {
  const warehouse = company.find(({ employee }) => employee.userName === 'svc-warehouse');
  if (warehouse === undefined) return;
  const { user, keyId } = warehouse;
  const { account, userName } = user;
  world.clock.at(plus(world.clock.now(), { days: 2 }), async () => {
    await world.cloud.call({
      service: 'iam',
      operation: 'DeleteAccessKey',
      input: { UserName: userName, AccessKeyId: keyId },
      region: world.place.region,
      credentials: world.cloud.roleCredentials(account, 'operator', people.olivia.slackUserId),
    });
  });
}
