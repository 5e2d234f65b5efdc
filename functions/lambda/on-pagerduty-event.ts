/** What Lambda loads for on-pagerduty-event, composed from the function's environment. */
import { pagerDutyFromEnvironment } from '../../app/compose-pagerduty.ts';
import { onPagerDutyEventHandler } from '../on-pagerduty-event.ts';

export const handler = onPagerDutyEventHandler(pagerDutyFromEnvironment(process.env));
