/** What Lambda loads for on-finding: the handler, composed from the function's environment. */
import { hubFromEnvironment } from '../../app/compose.ts';
import { onFindingHandler } from '../on-finding.ts';

export const handler = onFindingHandler(hubFromEnvironment(process.env).finding);
