/**
 * JSON for queues, topics and logs. Promises: it parses to the same value, and holds no character
 * that SQS and SNS refuse, that a terminal obeys, or that turns or breaks a line.
 */

/**
 * SQS takes #x9, #xA, #xD, #x20 to #xD7FF, #xE000 to #xFFFD and what is beyond; JSON itself writes
 * controls below #x20 and halves of characters as escapes. #x9B begins a command to a terminal.
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessage.html
 * (2026-11)
 */
const refusedOrObeyed =
  /[\u007F-\u009F\u061C\u200B-\u200F\u2028-\u202E\u2060-\u2069\uFEFF\uFFFE\uFFFF]/g;

/** Throws what JSON.stringify throws. */
export function safeJson(
  value: object,
  readable?: (name: string, value: unknown) => unknown,
): string {
  return JSON.stringify(value, readable).replaceAll(
    refusedOrObeyed,
    (each) => `\\u${each.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
