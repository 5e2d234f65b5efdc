/**
 * `npm start`: the sandbox in the terminal. It plays the story of a small company and ends when
 * every rotation is done or held. `--json` prints one JSON report as the last line instead of the
 * story; `--interactive` hands the company over to whoever sits there.
 */
import { createInterface } from 'node:readline';
import { setImmediate } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { messageOf } from '../domain/errors.ts';
import { inUtcWords } from '../domain/instant.ts';
import { playDemo, storyStart } from './demo.ts';
import { playByHand } from './hands-on.ts';
import { summarise, teller } from './terminal.ts';

const usage = `Usage: npm start [-- --headless] [--json] [--interactive]
  --headless  tell the story in the terminal and end; it is always told there, so scripts may say so
  --json      print one JSON report as the last line, and no story
  --interactive  read the messages in Slack and press their buttons yourself, as anybody`;

function readOptions(): { readonly json: boolean; readonly interactive: boolean } {
  try {
    const { values } = parseArgs({
      options: {
        headless: { type: 'boolean', default: false },
        json: { type: 'boolean', default: false },
        interactive: { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
      },
    });
    if (values.help) {
      console.log(usage);
      process.exit(0);
    }
    return { json: values.json, interactive: values.interactive };
  } catch (error) {
    console.error(`${messageOf(error)}\n${usage}`);
    process.exit(2);
  }
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
  const { json, interactive } = readOptions();
  if (interactive) return atTerminal();
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
