/** Where presses arrive: whose count, and how those who pressed are answered. */
import type { Rotation } from '../domain/case.ts';
import { asSentence } from '../domain/decision.ts';
import { Conflict, messageOf } from '../domain/errors.ts';
import type { Forms } from '../domain/forms.ts';
import type { Instant } from '../domain/instant.ts';
import type { Person } from '../domain/people.ts';
import type { Log, MessagePlace, Messenger, StopSwitch, Whisper } from '../domain/ports.ts';
import type { SentFrom } from '../domain/requests.ts';
import type { Shell } from './advance.ts';

export interface Desk {
  readonly shell: Shell;
  /** Everybody who may press anything. */
  readonly people: readonly Person[];
  /** Whose presses count. Without an app id, every app that signs with our secret is ours. */
  readonly slack: { readonly appId?: string; readonly teamId: string };
  readonly messenger: Pick<Messenger, 'update'>;
  readonly whisper: Whisper;
  readonly forms: Forms;
  readonly stopSwitch: StopSwitch;
  readonly log: Log;
  /** Slack wants an answer within 3 s: telling is cut off after this, deciding never. */
  readonly patienceMillis?: number;
}

/** `refused` when the press did not come from the configured app and workspace at all. */
export type Receipt = 'heard' | 'refused';

/** An answer that only whoever pressed sees. `name`: of the press. */
export async function answer(desk: Desk, sent: SentFrom, name: string, why: string): Promise<void> {
  const text = `Your press (${name}) changed nothing: ${asSentence(why)}`;
  await desk.whisper.whisper(sent.message.channel, sent.slackUserId, text);
}

/** The journal's own order to re-render comes later; this is so that people see it at once. */
export async function showAnew(
  desk: Desk,
  place: MessagePlace | undefined,
  rotation: Rotation,
  now: Instant,
): Promise<void> {
  if (place !== undefined) await desk.messenger.update(place, rotation, now);
}

/** Tells what there is to tell, as far as time allows. A failure here undoes no decision. */
export async function tell(desk: Desk, telling: readonly Promise<void>[]): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const enough = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, desk.patienceMillis ?? 1500);
  });
  const all = Promise.all(
    telling.map((each) =>
      each.catch((error) =>
        desk.log.error('Slack could not be told about a press', { problem: messageOf(error) }),
      ),
    ),
  );
  await Promise.race([all, enough]);
  clearTimeout(timer);
}

/** What whoever pressed hears of a failure that is not theirs; it is logged. */
export function undecided(desk: Desk, sent: SentFrom, name: string, error: unknown): string {
  desk.log.error('a press could not be decided', {
    rotationId: sent.rotationId,
    press: name,
    problem: messageOf(error),
  });
  return error instanceof Conflict
    ? 'the rotation kept changing. Look at it again, then press again.'
    : 'Keyturn could not reach its records. Press again in a minute.';
}
