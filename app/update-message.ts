/** The rotation's one Slack message: posted once, then rendered anew from the stored state. */
import { Permanent } from '../domain/errors.ts';
import type { MessagePlace, Messenger } from '../domain/ports.ts';
import type { Shell } from './advance.ts';
import type { Performed } from './performed.ts';

interface Writer extends Shell {
  readonly messenger: Messenger;
}

/**
 * Slack has no idempotency key: what was posted without an acknowledgement is posted again. Of two
 * messages, the buttons of the one remembered count. A message that a person deleted is posted
 * anew.
 */
export async function updateMessage(
  shell: Writer,
  rotationId: string,
  news: string | null,
): Promise<Performed> {
  const place = await render(shell, rotationId);
  if (news !== null) await shell.messenger.reply(place, news);
  return 'performed';
}

async function render(shell: Writer, rotationId: string): Promise<MessagePlace> {
  const rotation = await shell.store.load(rotationId);
  if (rotation === undefined) throw new Permanent(`there is no rotation ${rotationId}`);
  const now = shell.clock.now();
  const known = await shell.store.messageOf(rotationId);
  if (known !== undefined) {
    try {
      await shell.messenger.update(known, rotation, now);
      return known;
    } catch (error) {
      if (!(error instanceof Permanent)) throw error;
    }
  }
  const place = await shell.messenger.post(rotation, now);
  await shell.store.rememberMessage(rotationId, place);
  return place;
}
