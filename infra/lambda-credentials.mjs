/**
 * Stands in for the SDK's default credential chain in the bundles: a function's role is in its
 * environment, and credentials from anywhere else would not be its own.
 */
import { fromEnv } from '@aws-sdk/credential-provider-env';

export const defaultProvider = (init) => fromEnv(init);
