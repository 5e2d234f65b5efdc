/**
 * What Lambda loads for on-runbook-finished: the handler, composed from the function's environment.
 */
import { hubFromEnvironment } from '../../app/compose.ts';
import { onRunbookFinishedHandler } from '../on-runbook-finished.ts';

export const handler = onRunbookFinishedHandler(hubFromEnvironment(process.env).finding);
