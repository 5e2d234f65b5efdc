/** What Lambda loads for on-finding: the handler, composed from the function's environment. */
import { findingFromEnvironment } from '../../app/compose.ts';
import { batched } from '../batch.ts';
import { onFindingHandler } from '../on-finding.ts';

const finding = findingFromEnvironment(process.env);

export const handler = batched(finding, onFindingHandler(finding));
