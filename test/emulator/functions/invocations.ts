/**
 * Invokes packaged functions, each invocation in a process of its own: what does not survive a
 * process must not be relied on. Their environment is what the stack gives them, and nothing of the
 * machine's.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { toMillis } from '../../../domain/instant.ts';
import type { VirtualClock } from '../../../sandbox/clock.ts';

export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
}

/** A function as it is deployed. */
export interface DeployedFunction {
  readonly name: string;
  readonly account: string;
  readonly region: string;
  /** Where its zip was unpacked. */
  readonly folder: string;
  /** As in the template: `functions/lambda/on-tick.handler`. */
  readonly handler: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly timeoutSeconds: number;
  /** Of its role. */
  readonly credentials: Credentials;
}

export interface Invocations {
  /** What it returned. Throws what it threw, or `Runtime.ExitError` if its process ended. */
  invoke(deployed: DeployedFunction, event: unknown): Promise<unknown>;
  /** Ends the processes of that function at once, in the middle of whatever they do. */
  kill(name: string): void;
  /** Everything that functions wrote, a line each. */
  readonly log: readonly string[];
  /** How many there were. */
  count(): number;
}

const here = import.meta.dirname;

export function invocations(endpoint: string, clock: VirtualClock): Invocations {
  const running = new Map<ChildProcess, string>();
  const log: string[] = [];
  let made = 0;
  return {
    log,
    count: () => made,
    kill: (name) => {
      for (const [child, of] of running) if (of === name) child.kill('SIGKILL');
    },
    invoke: async (deployed, event) => {
      made += 1;
      const child = start(deployed, endpoint, toMillis(clock.now()) - Date.now());
      running.set(child, deployed.name);
      try {
        const requestId = `00000000-0000-4000-8000-${String(made).padStart(12, '0')}`;
        const timeoutMillis = deployed.timeoutSeconds * 1000;
        child.stdin?.end(JSON.stringify({ event, requestId, timeoutMillis }));
        return await outcome(child, deployed, log);
      } finally {
        running.delete(child);
      }
    },
  };
}

function start(deployed: DeployedFunction, endpoint: string, aheadMillis: number): ChildProcess {
  const { credentials, environment, folder, handler, name, region } = deployed;
  return spawn(
    process.execPath,
    ['--import', join(here, 'preload.ts'), join(here, 'bootstrap.ts')],
    {
      cwd: folder,
      stdio: ['pipe', 'pipe', 'pipe', 'pipe'],
      env: {
        ...queuesAt(endpoint, environment),
        AWS_REGION: region,
        AWS_DEFAULT_REGION: region,
        AWS_LAMBDA_FUNCTION_NAME: name,
        LAMBDA_TASK_ROOT: folder,
        _HANDLER: handler,
        AWS_ACCESS_KEY_ID: credentials.accessKeyId,
        AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
        AWS_SESSION_TOKEN: credentials.sessionToken,
        AWS_ENDPOINT_URL: endpoint,
        KEYTURN_EMULATOR_AHEAD_MILLIS: String(Math.round(aheadMillis)),
      },
    },
  );
}

/** The SDK sends to the host that a queue's URL names, whatever the endpoint. */
function queuesAt(
  endpoint: string,
  environment: DeployedFunction['environment'],
): DeployedFunction['environment'] {
  const hosts = /^https:\/\/sqs\.[a-z0-9-]+\.amazonaws\.com/;
  return Object.fromEntries(
    Object.entries(environment).map(([name, value]) => [name, value.replace(hosts, endpoint)]),
  );
}

async function outcome(
  child: ChildProcess,
  { name }: DeployedFunction,
  log: string[],
): Promise<unknown> {
  const [, out, err, reply] = child.stdio as unknown as readonly Readable[];
  child.stdin?.on('error', () => undefined);
  const texts = Promise.all([whole(out), whole(err), whole(reply)]);
  await once(child, 'close');
  const [said, complained, replied] = await texts;
  log.push(...`${said}${complained}`.split('\n').filter((line) => line !== ''));
  if (replied === '') {
    const message = `${name} ended without an answer: ${complained.slice(-1000)}`;
    throw Object.assign(new Error(message), { name: 'Runtime.ExitError' });
  }
  const { result, error } = JSON.parse(replied);
  if (error !== undefined) throw Object.assign(new Error(error.message), { name: error.name });
  return result;
}

async function whole(stream: Readable | undefined): Promise<string> {
  let text = '';
  for await (const chunk of stream ?? []) text += chunk;
  return text;
}
