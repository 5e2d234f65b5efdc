/** What Lambda loads for the witness, composed from the function's environment. */
import { witnessFromEnvironment } from '../../app/compose-beside-keys.ts';
import { entryPoint } from '../middleware.ts';
import { witnessHandler } from '../witness.ts';

const deps = witnessFromEnvironment(process.env);

export const handler = entryPoint(deps, { name: 'witness', handle: witnessHandler(deps) });
