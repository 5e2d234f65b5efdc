/** What Lambda loads for on-slack-action: the handler, composed from the function's environment. */
import { slackActionFromEnvironment } from '../../app/compose-slack.ts';
import { onSlackActionHandler } from '../on-slack-action.ts';

export const handler = onSlackActionHandler(slackActionFromEnvironment(process.env));
