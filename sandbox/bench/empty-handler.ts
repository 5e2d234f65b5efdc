/** The least that runs in middy: what every function is compared with, and does nothing. */
import middy from '@middy/core';

export const handler = middy(async () => undefined);
