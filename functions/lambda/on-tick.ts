/** What Lambda loads for on-tick: the handler, composed from the function's environment. */
import { hubFromEnvironment } from '../../app/compose.ts';
import { onTickHandler } from '../on-tick.ts';

export const handler = onTickHandler(hubFromEnvironment(process.env).tick);
