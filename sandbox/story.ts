/**
 * The story as lines for a terminal: what arrived, who pressed what, what was decided, which
 * runbook steps ran, what Slack showed when it was posted, who was paged, what Security Hub holds.
 * Each is told once, in the order of time.
 */
import type { Rotation } from '../domain/case.ts';
import type { Effect } from '../domain/effect.ts';
import { type Instant, parseInstant } from '../domain/instant.ts';
import type { JournalEntry } from '../domain/journal.ts';
import { shortKey, userLabel } from '../domain/key.ts';
import type { Pressed } from './cast.ts';
import type { Consumer } from './consumer.ts';
import type { Delivery } from './handlers.ts';
import { everyRotation } from './report.ts';
import { people } from './settings.ts';
import type { World } from './world.ts';

export interface StoryLine {
  readonly at: Instant;
  readonly kind: 'event' | 'app' | 'press' | 'decision' | 'runbook' | 'slack' | 'pager' | 'hub';
  readonly text: string;
}

/** A rotation with all that is known of its past. */
interface Told {
  readonly rotation: Rotation;
  readonly journal: readonly JournalEntry[];
  /** Where its Slack message is; a deleted one is not known any more. */
  readonly ts: string | undefined;
}

/** What people and programs did, which the world itself does not know. */
export interface Doings {
  readonly pressed: readonly Pressed[];
  readonly consumers: readonly Consumer[];
}

/** Everything that happened in (after, until], in the order of time. */
export async function storyLines(
  world: World,
  accounts: readonly string[],
  { pressed, consumers }: Doings,
  span: { readonly after: Instant; readonly until: Instant },
): Promise<readonly StoryLine[]> {
  const told = await Promise.all(
    (await everyRotation(world, accounts)).map(async (rotation) => ({
      rotation,
      journal: await world.store.journal(rotation.id),
      ts: (await world.store.messageOf(rotation.id))?.ts,
    })),
  );
  // Of things of the same moment, what leads to something is told before what it leads to.
  const lines = [
    ...world.deliveries.flatMap(eventLine),
    ...consumers.flatMap(failureLines),
    ...pressed.map(pressLine),
    ...told.flatMap(decisionLines),
    ...accounts.flatMap((account) => runbookLines(world, account)),
    ...slackLines(world, told),
    ...pagerLines(world, told),
    ...accounts.flatMap((account) => hubLines(world, account)),
  ];
  return lines
    .filter(({ at }) => at > span.after && at <= span.until)
    .toSorted((a, b) => a.at.localeCompare(b.at));
}

function eventLine({ at, event, received }: Delivery): readonly StoryLine[] {
  const kind = (event as { readonly 'detail-type'?: string })['detail-type'] ?? 'an event';
  const isOfInterest = received.outcome !== 'ignored' && !kind.startsWith('EC2 Automation');
  const text = `${kind}: ${received.outcome} – ${received.reason}`;
  return isOfInterest ? [{ at, kind: 'event', text }] : [];
}

function failureLines({ user, habit, failures }: Consumer): readonly StoryLine[] {
  return failures.map(({ at, problem }) => {
    const text = `${habit.userAgent} of ${user.userName} fails: ${problem}`;
    return { at, kind: 'app', text };
  });
}

function pressLine({ at, who, button, userName, status, form }: Pressed): StoryLine {
  const what =
    form === null
      ? `presses ${button} on ${userName}`
      : `sends the form "${form.title}" about ${userName}: ${form.answers.join(', ')}`;
  return { at, kind: 'press', text: `${who} ${what} (HTTP ${status})` };
}

function decisionLines({ rotation, journal }: Told): readonly StoryLine[] {
  return journal
    .filter(({ from, to }) => from !== to)
    .map(({ at, from, to, event }) => {
      const text = `${nameOf(rotation)}: ${from ?? 'nothing'} → ${to} (${event.type})`;
      return { at, kind: 'decision' as const, text };
    });
}

function runbookLines(world: World, account: string): readonly StoryLine[] {
  return world.runner.list({ ...world.place, account }).flatMap((execution) => {
    const user = execution.Parameters?.UserName?.[0] ?? '';
    const steps = (execution.StepExecutions ?? []).filter((step) => step.ExecutionEndTime);
    return steps.flatMap((step) => {
      const at = parseInstant(step.ExecutionEndTime?.toISOString() ?? '');
      const text = `${execution.DocumentName} (${user}) ${step.StepName}: ${step.StepStatus}`;
      return at === undefined ? [] : [{ at, kind: 'runbook' as const, text }];
    });
  });
}

/** What was posted, as it said then. Later edits say what the thread says too. */
function slackLines(world: World, told: readonly Told[]): readonly StoryLine[] {
  const threads = new Map(told.map(({ rotation, ts }) => [ts, rotation.key.user.userName]));
  const posted = world.slack
    .history()
    .filter(({ how }) => how === 'posted')
    .map(({ at, text, threadTs }) => {
      const thread = `thread of ${threads.get(threadTs ?? '') ?? 'a deleted message'}`;
      const where = threadTs === null ? '#access-keys' : thread;
      return { at, kind: 'slack' as const, text: `${where}: ${text}` };
    });
  const whispers = world.slack.whispers().map(({ at, slackUserId, text }) => {
    const known = Object.values(people).find((each) => each.slackUserId === slackUserId);
    const who = known?.name ?? slackUserId;
    return { at, kind: 'slack' as const, text: `only to ${who}: ${text}` };
  });
  return [...posted, ...whispers];
}

/** Who was paged, and what of it is over: told by the orders that were carried out. */
function pagerLines(world: World, told: readonly Told[]): readonly StoryLine[] {
  const orders = new Map<unknown, { readonly rotation: Rotation; readonly effect: Effect }>(
    told.flatMap(({ rotation, journal }) =>
      journal.flatMap(({ effects }) =>
        effects.map(({ id, effect }) => [id, { rotation, effect }] as const),
      ),
    ),
  );
  const open = new Set<string>();
  return world.log.flatMap(({ at, message, facts }): readonly StoryLine[] => {
    const order = orders.get(facts.effectId);
    if (message !== 'effect' || facts.end !== 'performed' || order === undefined) return [];
    const { rotation, effect } = order;
    if (effect.type !== 'page' && effect.type !== 'clear page') return [];
    const incident = `${rotation.id}/${effect.about}`;
    if (effect.type === 'page') {
      open.add(incident);
      const text = `PagerDuty opens an incident (${effect.severity}): ${effect.summary}`;
      return [{ at, kind: 'pager', text }];
    }
    // An end without an incident is no news.
    if (!open.delete(incident)) return [];
    const text = `PagerDuty closes the incident of ${nameOf(rotation)} (${effect.about})`;
    return [{ at, kind: 'pager', text }];
  });
}

/** `111122223333/svc-billing …WXYZ`. */
function nameOf({ key }: Rotation): string {
  return `${userLabel(key.user)} ${shortKey(key.keyId)}`;
}

/** As far as it fits beside the user on one line. */
const noteCharacters = 60;

interface Update {
  readonly FindingIdentifiers?: readonly { readonly Id: string }[];
  readonly Workflow?: { readonly Status?: string };
  readonly Note?: { readonly Text?: string };
}

/** What Security Hub holds of a user from then on, where that has changed. */
function hubLines(world: World, account: string): readonly StoryLine[] {
  const findings = world.cloud.findings.list(account, world.place.region);
  const userOf = (id: string): string => {
    const { Resources = [] } = (findings.find(({ Id }) => Id === id) ?? {}) as {
      readonly Resources?: readonly { readonly Id: string }[];
    };
    return Resources[0]?.Id.split('/').at(-1) ?? id;
  };
  const before = new Map<string, string>();
  return world.cloud.history
    .filter((call) => call.operation === 'BatchUpdateFindings' && call.error === undefined)
    .filter((call) => call.account === account)
    .flatMap(({ at, input }) => {
      const { FindingIdentifiers = [], Workflow, Note } = input as Update;
      const holds = `${Workflow?.Status}, "${shortened(Note?.Text ?? '')}"`;
      const users = new Set(FindingIdentifiers.map(({ Id }) => userOf(Id)));
      return [...users].flatMap((user) => {
        if (before.get(user) === holds) return [];
        before.set(user, holds);
        const text = `Security Hub has ${account}/${user} as ${holds}`;
        return [{ at, kind: 'hub' as const, text }];
      });
    });
}

/** The first words that fit. */
function shortened(note: string): string {
  if (note.length <= noteCharacters) return note;
  const words = note.slice(0, noteCharacters + 1).split(' ');
  return `${words.slice(0, -1).join(' ')} …`;
}
