/** What Lambda loads for the drill, composed from the function's environment. */
import { drillFromEnvironment } from '../../app/compose-drill.ts';
import { drillHandler } from '../drill.ts';

export const handler = drillHandler(drillFromEnvironment(process.env));
