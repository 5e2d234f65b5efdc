/**
 * What Lambda loads for on-runbook-finished: the handler, composed from the function's environment.
 */
import { findingFromEnvironment } from '../../app/compose.ts';
import { batched } from '../batch.ts';
import { onRunbookFinishedHandler } from '../on-runbook-finished.ts';

const finding = findingFromEnvironment(process.env);

export const handler = batched(finding, onRunbookFinishedHandler(finding));
