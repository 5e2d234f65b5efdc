/**
 * Outside text made harmless for Slack. User names, tags, user agents and error texts are hostile:
 * none may mention people, make a link, or look like anything but itself.
 * https://docs.slack.dev/messaging/formatting-message-text#escaping
 */
import { cutText, oneLine } from './cut-text.ts';

/** `& < >` as the entities that Slack asks for: nothing in the text is a mention or a link then. */
export function escapeSlack(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

/** Cut to a limit without leaving half an entity behind. For text that is escaped already. */
export function cutEscaped(escaped: string, limit: number): string {
  const cut = cutText(escaped, limit);
  return cut === escaped ? escaped : cut.replace(/&[a-z]{0,3}…$/u, '…');
}

/** Outside text for a plain_text object or a message's `text`: escaped, then cut. */
export function plainText(text: string, limit: number): string {
  return cutEscaped(escapeSlack(text), limit);
}

/** Outside text in code style, in which nothing is formatted: for names, ids and ARNs in mrkdwn. */
export function codeText(text: string, limit: number): string {
  const line = oneLine(text).replaceAll('`', 'ˋ').trim();
  return `\`${cutEscaped(escapeSlack(line === '' ? '–' : line), limit - 2)}\``;
}

/** `<@U0123ABCD>`; undefined for what is no Slack user id. */
export function mention(slackUserId: string): string | undefined {
  return /^[UW][A-Z0-9]{2,20}$/u.test(slackUserId) ? `<@${slackUserId}>` : undefined;
}
