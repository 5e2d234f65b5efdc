/** What can be told before any call: the Node that runs this, and the policy file of the stage. */
import type { Parsed } from '../../domain/parsed.ts';
import type { Role } from '../../domain/people.ts';
import type { PolicyBook } from '../../domain/policy-book.ts';
import { type Diagnosis, missing, ok } from './diagnosis.ts';

/** `least`: as package.json's engines has it, `>=24.2`. `running`: `24.21.0`. */
export function nodeCheck(running: string, least: string): Diagnosis {
  const check = 'Node.js';
  const numbers = (text: string) =>
    text
      .replace(/^[^\d]*/, '')
      .split('.')
      .map(Number);
  const [major = 0, minor = 0] = numbers(running);
  const [wantedMajor = 0, wantedMinor = 0] = numbers(least);
  const enough = major > wantedMajor || (major === wantedMajor && minor >= wantedMinor);
  if (enough) return ok(check, `Version ${running}.`);
  return missing(check, {
    says: `Version ${running}, and ${least} is needed.`,
    means: 'Packaging and the other commands may fail.',
    todo: 'npm ci, and start every command by npm; on macOS use the version in .nvmrc',
  });
}

/** The ids in the policy files that come with Keyturn: they are of nobody. */
const exampleId = /^U0000[A-Z]+$/;

const mayApprove: readonly Role[] = ['approver', 'admin'];

/** Reading the file has already made sure of time zones, days, bounds and names. */
export function policyChecks(file: string, book: Parsed<PolicyBook>): readonly Diagnosis[] {
  const check = 'policy file';
  if (!book.ok) {
    return [
      missing(check, {
        says: `${file} has ${book.problems.length} problem(s): ${book.problems.join('; ')}`,
        means: 'It cannot be packaged, and every handler would refuse to start.',
        todo: `npm run --silent policy -- check ${file}`,
      }),
    ];
  }
  return [ok(check, `${file} is sound, its time zones included.`), approverCheck(file, book.value)];
}

function approverCheck(file: string, book: PolicyBook): Diagnosis {
  const check = 'approvers';
  const modes = [book.defaults.mode, ...book.rules.map(({ changes }) => changes.mode)];
  const asks = modes.some((mode) => mode === 'approve') || book.defaults.mode === undefined;
  if (!asks) return ok(check, 'Nothing in the policy asks anybody.');
  const real = book.people.filter(
    ({ roles, slackUserId }) =>
      roles.some((role) => mayApprove.includes(role)) && !exampleId.test(slackUserId),
  );
  if (real.length > 0) return ok(check, real.map(({ name }) => name).join(', '));
  return missing(check, {
    says: 'Nobody in the policy file may approve: its people are the examples that came with it.',
    means: 'Every rotation that waits for approval is held after some days, unanswered.',
    todo: `Put your own people with their Slack member ids into ${file}`,
  });
}
