/** What the commands that play for long share: options that may be wrong, and lines of progress. */
import { messageOf } from '../domain/errors.ts';

export interface LongCommand<Options> {
  readonly usage: string;
  /** Throws an Error that says what is wrong with the options. */
  readonly read: (args: readonly string[]) => Options | 'help';
  /** Whether everything held. */
  readonly play: (options: Options) => Promise<boolean>;
}

/** Runs it on the process's arguments. Exit status 1: something did not hold; 2: wrong usage. */
export async function runLong<Options>(command: LongCommand<Options>): Promise<void> {
  const { usage, read, play } = command;
  let options: Options | 'help';
  try {
    options = read(process.argv.slice(2));
  } catch (error) {
    console.error(`${messageOf(error)}\n${usage}`);
    process.exitCode = 2;
    return;
  }
  if (options === 'help') {
    console.log(usage);
    return;
  }
  if (!(await play(options))) process.exitCode = 1;
}

/** Milliseconds between two lines of progress. */
const seldom = 5000;

/** Shows a line on standard error, unless one was shown just before; seconds since the start. */
export function progressLines(): (line: (seconds: number) => string) => void {
  const start = performance.now();
  let shown = start;
  return (line) => {
    const now = performance.now();
    if (now - shown < seldom) return;
    shown = now;
    process.stderr.write(`${line(Math.round((now - start) / 1000))}\n`);
  };
}
