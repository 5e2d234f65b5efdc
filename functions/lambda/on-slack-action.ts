/** What Lambda loads for on-slack-action: the handler, composed from the function's environment. */
import { hubFromEnvironment } from '../../app/compose.ts';
import { onSlackActionHandler } from '../on-slack-action.ts';

export const handler = onSlackActionHandler(hubFromEnvironment(process.env).slackAction);
