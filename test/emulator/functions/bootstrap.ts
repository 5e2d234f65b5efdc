/**
 * Runs one invocation of a packaged function, as Lambda's runtime does: loads what the template
 * names as handler, hands it the event, and writes to file descriptor 3 what it returned or threw.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

interface Invocation {
  readonly event: unknown;
  readonly requestId: string;
  readonly timeoutMillis: number;
}

const { LAMBDA_TASK_ROOT: root = '', _HANDLER: named = '' } = process.env;
const [file = '', exported = ''] = named.split('.');
const { event, requestId, timeoutMillis }: Invocation = JSON.parse(readFileSync(0, 'utf8'));
const startedAt = performance.now();
const context = {
  awsRequestId: requestId,
  functionName: process.env.AWS_LAMBDA_FUNCTION_NAME,
  getRemainingTimeInMillis: () => timeoutMillis - (performance.now() - startedAt),
};

const answer = await invoke().then(
  (result) => ({ result: result ?? null }),
  (thrown: unknown) => {
    const error = thrown instanceof Error ? thrown : new Error(String(thrown));
    return { error: { name: error.name, message: error.message } };
  },
);
writeFileSync(3, JSON.stringify(answer));
// Lambda freezes what still goes on; here it ends.
process.exit(0);

async function invoke(): Promise<unknown> {
  const loaded = await import(pathToFileURL(join(root, `${file}.mjs`)).href);
  return loaded[exported](event, context);
}
