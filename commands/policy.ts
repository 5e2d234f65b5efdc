/**
 * Checks and explains policy files:
 *
 *   npm run --silent policy -- check FILE…
 *   npm run --silent policy -- explain FILE --account 111122223333 --user svc-billing \
 *     [--path /ci/] [--unit ou-… (its own first)]… [--tag keyturn:mode=approve]… [--at 2026-12-01]
 *
 * Exit status 0: all is well; 1: a file has problems, a line each; 2: wrong usage.
 */
import { parseArgs } from 'node:util';
import { accountForm, userNameForm } from '../adapters/iam-user-arn.ts';
import { parseMoment } from '../adapters/policy-schema.ts';
import { systemClock } from '../adapters/system-clock.ts';
import { messageOf } from '../domain/errors.ts';
import type { IamUser } from '../domain/key.ts';
import { needsUnits } from '../domain/policy-book.ts';
import { type CommandAnswer, readBook, say } from './answer.ts';
import { explanation } from './explain.ts';

const usage = [
  'usage: npm run --silent policy -- check FILE…',
  '       npm run --silent policy -- explain FILE --account ID --user NAME [--path /PATH/]',
  '                                  [--unit ID]… [--tag KEY=VALUE]… [--at MOMENT]',
];

const options = {
  account: { type: 'string' },
  user: { type: 'string' },
  path: { type: 'string', default: '/' },
  unit: { type: 'string', multiple: true, default: [] as string[] },
  tag: { type: 'string', multiple: true, default: [] as string[] },
  at: { type: 'string' },
} as const;

type Chosen = ReturnType<typeof read>['values'];

/** The whole command but for the printing. */
export function policyCommand(args: readonly string[]): CommandAnswer {
  try {
    const { values, positionals } = read(args);
    const [command, ...files] = positionals;
    if (command === 'check') return check(files);
    if (command === 'explain') return explain(files, values);
    return misused(command === undefined ? 'no command' : `there is no command ${command}`);
  } catch (error) {
    return misused(messageOf(error));
  }
}

function read(args: readonly string[]) {
  return parseArgs({ args: [...args], options, allowPositionals: true });
}

function check(files: readonly string[]): CommandAnswer {
  if (files.length === 0) return misused('no file was named');
  const problems = files.flatMap((file) => {
    const book = readBook(file);
    return book.ok ? [] : book.problems;
  });
  return { status: problems.length === 0 ? 0 : 1, out: problems, errors: [] };
}

function explain(files: readonly string[], chosen: Chosen): CommandAnswer {
  const [file, ...more] = files;
  if (file === undefined || more.length > 0) return misused('explain takes one file');
  const user = userFrom(chosen);
  if (typeof user === 'string') return misused(user);
  const now = chosen.at === undefined ? systemClock.now() : parseMoment(chosen.at);
  if (now === undefined) return misused(`--at ${chosen.at} is no moment such as 2026-12-01`);
  const book = readBook(file);
  if (!book.ok) return { status: 1, out: book.problems, errors: [] };
  if (needsUnits(book.value) && chosen.unit.length === 0) {
    return misused(
      `${file} has rules for units: name those of the account by --unit, its own first, root last`,
    );
  }
  return { status: 0, out: explanation(book.value, user, chosen.unit, now), errors: [] };
}

/** The user asked about, or what is wrong with the question. */
function userFrom({ account = '', user: userName = '', path, tag }: Chosen): IamUser | string {
  if (!accountForm.test(account)) return '--account takes an account id of 12 digits';
  if (!userNameForm.test(userName)) return '--user takes the name of an IAM user';
  if (!/^\/(?:.+\/)?$/.test(path)) return '--path takes an IAM path such as /ci/';
  const tags = tag.map((each) => /^([^=]+)=(.*)$/s.exec(each));
  if (tags.includes(null)) return '--tag takes KEY=VALUE';
  return {
    partition: 'aws',
    account,
    userName,
    userId: '',
    path,
    tags: Object.fromEntries(tags.map((each) => [each?.[1] ?? '', each?.[2] ?? ''])),
  };
}

function misused(problem: string): CommandAnswer {
  return { status: 2, out: [], errors: [problem, ...usage] };
}

if (import.meta.main) say(policyCommand(process.argv.slice(2)));
