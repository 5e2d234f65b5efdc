/** Opens the console for whoever typed `npm start`: on a port that is free, until Ctrl-C. */
import { spawn } from 'node:child_process';
import { openPlayground } from './playground.ts';
import { type ConsoleServer, serveConsole } from './server.ts';

/** Where it is looked for a free port first, and how far. */
const usualPort = 4180;
const tries = 20;

export interface ConsoleOptions {
  /** Only this port; undefined: the usual one, or the next that is free. */
  readonly port: number | undefined;
  /** Opens a browser as well. */
  readonly open: boolean;
}

/** Serves until the process is interrupted. The exit status: 1 if the port could not be had. */
export async function openConsole({ port, open }: ConsoleOptions): Promise<number> {
  const interrupted = new Promise<void>((resolve) => {
    process.once('SIGINT', () => resolve());
    process.once('SIGTERM', () => resolve());
  });
  const playground = await openPlayground();
  const server = await firstFree(port, (each) => serveConsole(playground, each));
  if (typeof server === 'string') {
    console.error(server);
    return 1;
  }
  console.log(`The console is at ${server.url} (this machine only). Ctrl-C ends it.`);
  if (open) showInBrowser(server.url);
  await interrupted;
  await server.close();
  console.log('\nStopped: nothing outside this process was changed.');
  return 0;
}

/** What was opened, or why nothing was. */
export async function firstFree(
  port: number | undefined,
  serve: (port: number) => Promise<ConsoleServer>,
): Promise<ConsoleServer | string> {
  const first = port ?? usualPort;
  const last = port ?? usualPort + tries - 1;
  for (let each = first; each <= last; each++) {
    try {
      return await serve(each);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === 'EACCES') return `Port ${each} needs rights that you do not have: name another.`;
      if (code !== 'EADDRINUSE') throw error;
    }
  }
  return port === undefined
    ? `Ports ${first} to ${last} are all taken: name a free one with --port.`
    : `Port ${port} is taken by another program: name another with --port, or none.`;
}

function showInBrowser(url: string): void {
  const programs = { darwin: 'open', win32: 'explorer' } as const;
  const program = programs[process.platform as keyof typeof programs] ?? 'xdg-open';
  const browser = spawn(program, [url], { stdio: 'ignore', detached: true });
  browser.on('error', () => console.log(`No browser could be opened: go to ${url} yourself.`));
  browser.unref();
}
