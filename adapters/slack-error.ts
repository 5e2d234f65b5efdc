/** What went wrong with a call to Slack, as Transient or Permanent with what to do next. */
import { messageOf, Permanent, Throttled, Transient } from '../domain/errors.ts';

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
const person = 'the person cannot be written to any more: name another owner';
const tooLong = 'this is a fault of Keyturn: report it with the rotation id';

/** What a person has to do about the errors that do not pass by themselves. */
const cures: Readonly<Record<string, string>> = {
  channel_not_found: invite,
  not_in_channel: invite,
  is_archived: 'unarchive the channel, or configure another one',
  restricted_action: 'let the app post in the channel',
  user_not_in_channel: 'the person has to join the channel to be answered there',
  user_not_found: 'the person is not in this workspace: name another owner',
  user_disabled: person,
  user_not_visible: person,
  cannot_dm_bot: 'a bot owns nothing: name a person as the owner',
  token_revoked: token,
  token_expired: token,
  invalid_auth: token,
  not_authed: token,
  account_inactive: token,
  missing_scope: 'give the app the scopes chat:write and im:write and install it again',
  thread_not_found: 'the message was deleted; a new one has to be posted',
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

const noToken: ReadonlySet<string> = new Set([
  'token_revoked',
  'token_expired',
  'invalid_auth',
  'not_authed',
  'account_inactive',
]);

const noChannel: ReadonlySet<string> = new Set([
  'channel_not_found',
  'not_in_channel',
  'is_archived',
  'restricted_action',
]);

/** Slack refused a call for good, and says why in its own word. */
export class SlackRefusal extends Permanent {
  readonly code: string;

  constructor(code: string, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

/** Whether another token might be taken. */
export function isTokenRefused(error: unknown): boolean {
  return error instanceof SlackRefusal && noToken.has(error.code);
}

/** Whether another channel might be posted in. */
export function isChannelRefused(error: unknown): boolean {
  return error instanceof SlackRefusal && noChannel.has(error.code);
}

interface SlackFailure {
  readonly code?: unknown;
  readonly data?: { readonly error?: unknown };
  readonly statusCode?: unknown;
  /** Seconds. */
  readonly retryAfter?: unknown;
}

/** Transient if trying again may help, else Permanent. `tried` is a sentence's start. */
export function fromSlack(tried: string, thrown: unknown): Transient | Permanent {
  if (thrown instanceof Transient || thrown instanceof Permanent) return thrown;
  const { code, data, statusCode, retryAfter } = (thrown ?? {}) as SlackFailure;
  const again = (why: string) =>
    new Transient(`${tried}: ${why}; it is tried again`, { cause: thrown });
  const never = (why: string, cure: string) =>
    new Permanent(`${tried}: ${why}; ${cure}`, { cause: thrown });

  if (code === 'slack_webapi_platform_error') {
    const error = typeof data?.error === 'string' ? data.error : 'an unnamed error';
    if (transientCodes.has(error)) return again(`Slack answered ${error}`);
    const cure = cures[error] ?? 'look the error up in Slack’s documentation of the method';
    const why = `${tried}: Slack answered ${error}; ${cure}`;
    return new SlackRefusal(error, why, { cause: thrown });
  }
  if (code === 'slack_webapi_rate_limited_error' && typeof retryAfter === 'number') {
    const why = `${tried}: Slack asks for ${retryAfter} s of silence; it is tried again`;
    return new Throttled(retryAfter * 1000, why, { cause: thrown });
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
