/** What a storm may lose nothing of: events, and what people have to be told. */
import type { Storm } from './run-storm.ts';

/** How many whole events came to a claim or joined one; a sentence for each that did neither. */
export function eventsOf({ letters, watch: { outcomes }, inbound, runs }: Storm): {
  readonly claimed: number;
  readonly joined: number;
  readonly lost: readonly string[];
} {
  const counts = { claimed: 0, joined: 0 };
  const lost = [...inbound.undelivered, ...runs.undelivered].map(
    ({ messageId }) => `message ${messageId} was delivered for a day in vain`,
  );
  for (const { eventId, damage } of letters) {
    if (damage !== null) continue;
    const outcome = outcomes.of.get(eventId);
    if (outcome === 'claimed' || outcome === 'joined') counts[outcome] += 1;
    else lost.push(`event ${eventId} came to ${outcome ?? 'nothing'}`);
  }
  return { ...counts, lost };
}

/** Whether every damaged event, and no other, was kept whole, once or more. */
export function deadLettersOf({ letters, world }: Storm): {
  readonly kept: number;
  readonly lost: readonly string[];
} {
  const kept = world.cloud.queueMessages.map(({ body }) => wholeIn(body));
  const there = new Set(kept);
  const damaged = letters.filter(({ damage }) => damage !== null);
  const expected = new Set(damaged.map(({ body }) => body));
  return {
    kept: kept.length,
    lost: [
      ...damaged
        .filter(({ body }) => !there.has(body))
        .map(({ eventId, damage }) => `event ${eventId} (${damage}) was not kept whole`),
      ...[...there]
        .filter((body) => !expected.has(body))
        .map((body) => `nothing is wrong with what was kept: ${body.slice(0, 200)}`),
    ],
  };
}

/** The event as it came: of a message that is no JSON, its body. */
function wholeIn(letter: string): string {
  const { event } = JSON.parse(letter);
  return typeof event?.messageId === 'string' ? String(event.body) : JSON.stringify(event);
}

/** News of a rotation that its thread in Slack does not show. */
export async function untoldIn({
  world,
  watch: { rotationIds },
}: Storm): Promise<readonly string[]> {
  const threads = new Map<string, string>();
  for (const { threadTs, text } of world.slack.messages()) {
    if (threadTs !== null) threads.set(threadTs, `${threads.get(threadTs) ?? ''}\n${text}`);
  }
  const untold: string[] = [];
  for (const id of rotationIds) {
    const place = await world.store.messageOf(id);
    const thread = threads.get(place?.ts ?? '') ?? '';
    for (const { effects } of await world.store.journal(id)) {
      for (const { id: effectId, effect } of effects) {
        if (effect.type !== 'update message' || effect.news === null) continue;
        if (!thread.includes(effect.news)) untold.push(`effect ${effectId}: ${effect.news}`);
      }
    }
  }
  return untold;
}
