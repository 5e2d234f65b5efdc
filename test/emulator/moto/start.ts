/** moto's server on a free port of this machine alone, ended with the test run. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import type { Instant } from '../../../domain/instant.ts';
import { pythonProgram } from '../../python.ts';

export interface Moto {
  readonly port: number;
  /** What it has written. */
  said(): string;
  stop(): Promise<void>;
}

const patience = { tries: 300, pauseMillis: 100 };

/**
 * Starts moto and waits until it answers. Throws with moto's own words if it ends instead. What its
 * interpreter of state machines calls, it calls at `calledAt`; itself unless said.
 */
export async function startMoto(now: Instant, calledAt?: number): Promise<Moto> {
  const port = await freePort();
  const server = join(import.meta.dirname, 'server.py');
  // The signing library of moto looks at no file and no variable of the person who runs this.
  const env = {
    PATH: process.env.PATH ?? '',
    MOTO_PORT: String(calledAt ?? port),
    HOME: '/nonexistent',
  };
  const child = spawn(pythonProgram('python'), ['-W', 'ignore', server, String(port), now], {
    env: { ...env, MOTO_IAM_LOAD_MANAGED_POLICIES: 'true' },
    stdio: ['pipe', 'ignore', 'pipe'],
  });
  const said = words(child);
  for (let tried = 0; tried < patience.tries; tried++) {
    if (child.exitCode !== null) throw new Error(`moto has ended: ${said().slice(-4000)}`);
    const answer = await fetch(`http://127.0.0.1:${port}/moto-api/`).catch(() => undefined);
    await answer?.arrayBuffer();
    if (answer?.ok) return { port, said, stop: () => stop(child) };
    await setTimeout(patience.pauseMillis);
  }
  await stop(child);
  throw new Error(`moto did not answer within 30 s: ${said().slice(-4000)}`);
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return;
  child.kill('SIGKILL');
  await once(child, 'exit');
}

/** What it wrote, warnings and requests. */
function words(child: ChildProcess): () => string {
  let text = '';
  child.stderr?.setEncoding('utf8').on('data', (chunk: string) => {
    text += chunk;
  });
  return () => text.trim();
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('there is no free port');
  return address.port;
}
