/** The Home tab of the app, as it is written for one person at a time. */
import type { Answer } from '../domain/answer.ts';
import type { Instant } from '../domain/instant.ts';
import { homeBlocks } from './slack-answers.ts';
import { type SlackAccess, slackCalls } from './slack-calls.ts';

/**
 * Publishes the tab anew, whatever it showed. Slack waits 3 s for the answer to its event, so one
 * call is made and soon given up. Throws Transient or Permanent.
 * https://docs.slack.dev/reference/methods/views.publish (2026-11): it takes no scope.
 */
export function slackHome(access: Omit<SlackAccess, 'timeoutMillis'>) {
  const call = slackCalls({ ...access, retries: 0, timeoutMillis: 1500 });
  return async (slackUserId: string, answer: Answer, now: Instant): Promise<void> => {
    const view = { type: 'home', blocks: homeBlocks(answer, slackUserId, now) };
    await call('publish a Home tab', 'views.publish', { user_id: slackUserId, view });
  };
}
