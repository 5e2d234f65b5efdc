/** What Lambda loads for the custodian, composed from the function's environment. */
import { custodyFromEnvironment } from '../../app/compose-beside-keys.ts';
import { custodianHandler } from '../custodian.ts';
import { entryPoint } from '../middleware.ts';

const deps = custodyFromEnvironment(process.env);

export const handler = entryPoint(deps, { name: 'custodian', handle: custodianHandler(deps) });
