/** What Lambda loads for on-tick: the handler, composed from the function's environment. */
import { tickFromEnvironment } from '../../app/compose.ts';
import { onTickHandler } from '../on-tick.ts';

export const handler = onTickHandler(tickFromEnvironment(process.env));
