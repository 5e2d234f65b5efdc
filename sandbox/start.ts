/**
 * `npm start`: the sandbox in the terminal. It plays the story of a small company and ends when
 * every rotation is done or held. `--json` prints one JSON report as the last line instead of the
 * story.
 */
import { setImmediate } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { messageOf } from '../domain/errors.ts';
import { inUtcWords } from '../domain/instant.ts';
import { playDemo, storyStart } from './demo.ts';
import { summarise, teller } from './terminal.ts';

const usage = `Usage: npm start [-- --headless] [--json]
  --headless  tell the story in the terminal and end; it is always told there, so scripts may say so
  --json      print one JSON report as the last line, and no story`;

function readOptions(): { readonly json: boolean } {
  try {
    const { values } = parseArgs({
      options: {
        headless: { type: 'boolean', default: false },
        json: { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
      },
    });
    if (values.help) {
      console.log(usage);
      process.exit(0);
    }
    return { json: values.json };
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

async function main(): Promise<void> {
  endWithReader();
  const { json } = readOptions();
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
