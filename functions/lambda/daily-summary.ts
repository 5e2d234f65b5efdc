/** What Lambda loads for daily-summary, composed from the function's environment. */
import { summaryFromEnvironment } from '../../app/compose-summary.ts';
import { dailySummaryHandler } from '../daily-summary.ts';

export const handler = dailySummaryHandler(summaryFromEnvironment(process.env));
