/** Moments in Slack. https://docs.slack.dev/messaging/formatting-message-text#date-formatting */
import { type Instant, inUtcWords, toMillis } from '../domain/instant.ts';

/** A moment in the reader's own zone; in UTC where Slack cannot show that. */
export function slackDate(moment: Instant): string {
  const seconds = Math.floor(toMillis(moment) / 1000);
  return `<!date^${seconds}^{date_short_pretty} at {time}|${inUtcWords(moment)}>`;
}
