/**
 * The story as lines for a terminal: what arrived, what was decided, which runbook steps ran, what
 * Slack showed, who pressed what, who was paged. Told once each, in the order of time.
 */
import type { Rotation } from '../domain/case.ts';
import { type Instant, parseInstant } from '../domain/instant.ts';
import { shortKey, userLabel } from '../domain/key.ts';
import type { Pressed } from './cast.ts';
import { everyRotation } from './report.ts';
import type { Delivery, World } from './world.ts';

export interface StoryLine {
  readonly at: Instant;
  readonly kind: 'event' | 'decision' | 'runbook' | 'slack' | 'press' | 'pager' | 'hub';
  readonly text: string;
}

/** Everything that happened in (after, until], in the order of time. */
export async function storyLines(
  world: World,
  accounts: readonly string[],
  pressed: readonly Pressed[],
  span: { readonly after: Instant; readonly until: Instant },
): Promise<readonly StoryLine[]> {
  const rotations = await everyRotation(world, accounts);
  const lines = [
    ...world.deliveries.flatMap(eventLine),
    ...(await Promise.all(rotations.map((each) => decisionLines(world, each)))).flat(),
    ...accounts.flatMap((account) => runbookLines(world, account)),
    ...slackLines(world),
    ...pressed.map(pressLine),
    ...hubLines(world),
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

async function decisionLines(world: World, rotation: Rotation): Promise<readonly StoryLine[]> {
  const journal = await world.store.journal(rotation.id);
  const who = `${userLabel(rotation.key.user)} ${shortKey(rotation.key.keyId)}`;
  return journal
    .filter(({ from, to }) => from !== to)
    .map(({ at, from, to, event }) => {
      const text = `${who}: ${from ?? 'nothing'} → ${to} (${event.type})`;
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

function slackLines(world: World): readonly StoryLine[] {
  const replies = world.slack.messages().map(({ postedAt, text, threadTs }) => {
    const where = threadTs === null ? '#access-keys' : 'thread';
    return { at: postedAt, kind: 'slack' as const, text: `${where}: ${text}` };
  });
  const whispers = world.slack
    .whispers()
    .map(({ at, text }) => ({ at, kind: 'slack' as const, text: `only to them: ${text}` }));
  return [...replies, ...whispers];
}

function pressLine({ at, who, button, userName, status }: Pressed): StoryLine {
  return { at, kind: 'press', text: `${who} presses ${button} on ${userName} (HTTP ${status})` };
}

/** Pages and write-backs, from the line that every effect leaves in the log. */
function hubLines(world: World): readonly StoryLine[] {
  return world.log
    .filter(({ message, facts }) => message === 'effect' && facts.end === 'performed')
    .flatMap(({ at, facts }): readonly StoryLine[] => {
      const effect = facts.effect;
      if (effect === 'page') return [{ at, kind: 'pager', text: 'PagerDuty is told' }];
      return effect === 'record result' ? [{ at, kind: 'hub', text: 'Security Hub is told' }] : [];
    });
}
