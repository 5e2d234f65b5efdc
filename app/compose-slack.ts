/** What answers presses and forms: put together of the adapters that speak to Slack. */
import type { FetchFunction } from '@slack/web-api';
import { cryptoIds } from '../adapters/crypto-ids.ts';
import type { integrationSecrets } from '../adapters/integration-secrets.ts';
import { slackFieldError, slackFormOpener } from '../adapters/slack-form-opener.ts';
import { slackPressReader } from '../adapters/slack-request.ts';
import type { Messenger, StopSwitch, Whisper } from '../domain/ports.ts';
import type { Wires } from './compose-wires.ts';
import type { HubSettings } from './config.ts';
import type { Hub } from './hub.ts';

/** What the hub's other handlers use as well. */
interface Shared {
  readonly messenger: Messenger & Whisper;
  readonly secrets: ReturnType<typeof integrationSecrets>;
  readonly stopSwitch: StopSwitch;
}

export function composeSlackAction(
  { book, slack }: Pick<HubSettings, 'book' | 'slack'>,
  { store, clock, log, slackFetch }: Wires & { readonly slackFetch?: FetchFunction },
  { messenger, secrets, stopSwitch }: Shared,
): Hub['slackAction'] {
  return {
    shell: { store, clock, ids: cryptoIds },
    people: book.people,
    slack: { teamId: slack.teamId },
    messenger,
    whisper: messenger,
    stopSwitch,
    log,
    forms: slackFormOpener({
      botToken: secrets.botToken,
      botTokenAgain: secrets.again.botToken,
      ...(slackFetch === undefined ? {} : { fetch: slackFetch }),
    }),
    fieldError: slackFieldError,
    reader: slackPressReader(secrets.signingSecrets, secrets.again.signingSecrets),
  };
}
