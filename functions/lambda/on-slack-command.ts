/** What Lambda loads for on-slack-command, composed from the function's environment. */
import { slackCommandFromEnvironment } from '../../app/compose-slack-command.ts';
import { onSlackCommandHandler } from '../on-slack-command.ts';

export const handler = onSlackCommandHandler(slackCommandFromEnvironment(process.env));
