/** What Slack gives with a press, so that a form can be shown to whoever pressed. */
import { createHash } from 'node:crypto';

/** When and by whom, and of which press: the same press has the same one. */
export function triggerFor(atMillis: number, slackUserId: string, pressed: string): string {
  const hash = createHash('sha256').update(pressed).digest('hex').slice(0, 32);
  return `${atMillis}.${slackUserId}.${hash}`;
}

/** Undefined for what is none of those. */
export function readTrigger(
  trigger: string,
): { readonly atMillis: number; readonly slackUserId: string } | undefined {
  const parts = /^(\d{1,15})\.([A-Z0-9]{3,32})\.[0-9a-f]{32}$/u.exec(trigger);
  if (parts === null) return undefined;
  const [, atMillis = '', slackUserId = ''] = parts;
  return { atMillis: Number(atMillis), slackUserId };
}
