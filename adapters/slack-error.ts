/** What went wrong with a call to Slack, as Transient or Permanent with what to do next. */
import { messageOf, Permanent, Transient } from '../domain/errors.ts';

/** Slack's own troubles, which pass. https://docs.slack.dev/reference/methods/chat.postMessage */
const transientCodes: ReadonlySet<string> = new Set([
  'ratelimited',
  'rate_limited',
  'internal_error',
  'fatal_error',
  'service_unavailable',
  'request_timeout',
]);

const invite = 'invite the app to the channel, or correct the channel id in the configuration';
const token = 'put a valid bot token into the integration secret';
const tooLong = 'this is a fault of Keyturn: report it with the rotation id';

/** What a person has to do about the errors that do not pass by themselves. */
const cures: Readonly<Record<string, string>> = {
  channel_not_found: invite,
  not_in_channel: invite,
  is_archived: 'unarchive the channel, or configure another one',
  restricted_action: 'let the app post in the channel',
  user_not_in_channel: 'the person has to join the channel to be answered there',
  user_not_found: 'the person is not in this workspace',
  token_revoked: token,
  token_expired: token,
  invalid_auth: token,
  not_authed: token,
  account_inactive: token,
  missing_scope: 'give the app the scope chat:write and install it again',
  expired_trigger_id: 'the form came more than 3 s after the press; the person presses again',
  exchanged_trigger_id: 'the form was shown already',
  invalid_trigger_id: tooLong,
  invalid_arguments: tooLong,
  message_not_found: 'the message was deleted; a new one has to be posted',
  cant_update_message: 'the message belongs to another app; a new one has to be posted',
  edit_window_closed: 'allow the app to edit its messages in the workspace settings',
  msg_too_long: tooLong,
  msg_blocks_too_long: tooLong,
  invalid_blocks: tooLong,
};

const refusedTokens: ReadonlySet<unknown> = new Set([
  'invalid_auth',
  'not_authed',
  'token_expired',
  'token_revoked',
]);

/** Whether Slack refused the token itself: it may have been exchanged. */
export function isTokenRefused(thrown: unknown): boolean {
  return refusedTokens.has(((thrown ?? {}) as SlackFailure).data?.error);
}

interface SlackFailure {
  readonly code?: unknown;
  readonly data?: { readonly error?: unknown };
  readonly statusCode?: unknown;
}

/** Transient if trying again may help, else Permanent. `tried` is a sentence's start. */
export function fromSlack(tried: string, thrown: unknown): Transient | Permanent {
  if (thrown instanceof Transient || thrown instanceof Permanent) return thrown;
  const { code, data, statusCode } = (thrown ?? {}) as SlackFailure;
  const again = (why: string) =>
    new Transient(`${tried}: ${why}; it is tried again`, { cause: thrown });
  const never = (why: string, cure: string) =>
    new Permanent(`${tried}: ${why}; ${cure}`, { cause: thrown });

  if (code === 'slack_webapi_platform_error') {
    const error = typeof data?.error === 'string' ? data.error : 'an unnamed error';
    if (transientCodes.has(error)) return again(`Slack answered ${error}`);
    const cure = cures[error] ?? 'look the error up in Slack’s documentation of the method';
    return never(`Slack answered ${error}`, cure);
  }
  if (code === 'slack_webapi_http_error' && typeof statusCode === 'number') {
    const why = `Slack answered with HTTP status ${statusCode}`;
    return statusCode >= 500 || statusCode === 408 || statusCode === 429
      ? again(why)
      : never(why, 'see whether something between Keyturn and Slack changes requests');
  }
  // Rate limits, timeouts, connections refused or broken: whatever brought no answer.
  return again(messageOf(thrown));
}
