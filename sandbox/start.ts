/**
 * `npm start`: the sandbox as a page on 127.0.0.1, until Ctrl-C. `--headless` tells the story of a
 * small company in the terminal and ends when every rotation is done or held, `--json` prints one
 * JSON report as the last line instead; `--interactive` hands the company over to whoever sits at
 * the terminal.
 */
import { createInterface } from 'node:readline';
import { setImmediate } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { messageOf } from '../domain/errors.ts';
import { inUtcWords } from '../domain/instant.ts';
import { playDemo, storyStart } from './demo.ts';
import { playByHand } from './hands-on.ts';
import { summarise, teller } from './terminal.ts';

const usage = `Usage: npm start [-- --headless] [--json] [--interactive] [--port N] [--open]
  --port N    open the console on this port of 127.0.0.1, and on no other
  --open      open the console, and a browser on it
  --headless  tell the story in the terminal and end
  --json      print one JSON report as the last line, and no story
  --interactive  read the messages in Slack and press their buttons yourself, as anybody
Without any of these the console opens where somebody sits at a terminal; elsewhere, as in a pipe
or in CI, the story is told.`;

type Asked =
  | { readonly what: 'story'; readonly json: boolean }
  | { readonly what: 'terminal' }
  | { readonly what: 'console'; readonly port: number | undefined; readonly open: boolean };

function readOptions(): Asked {
  try {
    const { values } = parseArgs({
      options: {
        headless: { type: 'boolean', default: false },
        json: { type: 'boolean', default: false },
        interactive: { type: 'boolean', default: false },
        port: { type: 'string' },
        open: { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
      },
    });
    if (values.help) {
      console.log(usage);
      process.exit(0);
    }
    const { headless, json, interactive, open } = values;
    const port = values.port === undefined ? undefined : readPort(values.port);
    const isConsole = port !== undefined || open;
    if (isConsole && (headless || json || interactive)) {
      throw new Error('--port and --open are of the console: leave out the other options.');
    }
    if (interactive) return { what: 'terminal' };
    if (headless || json) return { what: 'story', json };
    return isConsole || isAttended()
      ? { what: 'console', port, open }
      : { what: 'story', json: false };
  } catch (error) {
    console.error(`${messageOf(error)}\n${usage}`);
    process.exit(2);
  }
}

function readPort(text: string): number {
  const port = Number(text);
  if (/^\d{1,5}$/.test(text) && port >= 1 && port <= 65_535) return port;
  throw new Error(`--port is "${text}": name a whole number from 1 to 65535.`);
}

/** Whether there is anybody who would open a page, and end what serves it. */
function isAttended(): boolean {
  const { CI = '' } = process.env;
  return process.stdout.isTTY === true && (CI === '' || CI === 'false');
}

/** Whoever reads through `head` has read enough: that is no error. */
function endWithReader(): void {
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(0);
    throw error;
  });
}

/** Lines come from the keyboard, or from a file or pipe, one after the other. */
async function atTerminal(): Promise<void> {
  const { stdin: input, stdout: output } = process;
  const lines = createInterface({ input, terminal: input.isTTY === true, output });
  const typed = lines[Symbol.asyncIterator]();
  lines.once('SIGINT', () => lines.close());
  await playByHand({
    ask: async (prompt) => {
      output.write(prompt);
      const { value, done } = await typed.next();
      if (!input.isTTY && done !== true) output.write(`${value}\n`);
      return done === true ? undefined : String(value);
    },
    print: (line) => console.log(line),
    tell: teller(storyStart),
  });
  lines.close();
}

async function main(): Promise<void> {
  endWithReader();
  const asked = readOptions();
  if (asked.what === 'terminal') return atTerminal();
  if (asked.what === 'console') {
    const { openConsole } = await import('./console/open-console.ts');
    process.exitCode = await openConsole(asked);
    return;
  }
  await tellStory(asked.json);
}

async function tellStory(json: boolean): Promise<void> {
  process.once('SIGINT', () => {
    console.error('\nStopped: nothing outside this process was changed.');
    process.exit(130);
  });
  const tell = teller(storyStart);
  const showProgress = process.stderr.isTTY && json;
  const demo = await playDemo({
    onProgress: async (day, lines) => {
      if (!json) tell(lines);
      if (showProgress) process.stderr.write(`\rday ${day} simulated `);
      // Virtual time leaves no room by itself for a Ctrl-C to be heard.
      await setImmediate();
      return true;
    },
  });
  if (showProgress) process.stderr.write('\n');
  if (!json) summarise(demo);
  if (json) console.log(JSON.stringify(demo.report));
  if (!demo.settled) {
    const open = demo.report.rotations.filter(({ stage }) => stage !== 'done' && stage !== 'held');
    const names = open.map(({ userName, stage }) => `${userName} (${stage})`).join(', ');
    const why = names === '' ? 'somebody still has something to press or to be told' : names;
    console.error(`The story did not end by ${inUtcWords(demo.world.clock.now())}: ${why}`);
    process.exit(1);
  }
}

await main();
