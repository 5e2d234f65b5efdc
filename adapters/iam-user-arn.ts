/** ARNs of IAM users, as findings give them. */

import { foreignTo } from './foreign.ts';
import { problem } from './problems.ts';

/**
 * A user's unique id.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html (2026-11-23)
 */
export const uniqueIdForm = /^AIDA[A-Z0-9]{12,124}$/;
/** What IAM allows in a user name. */
export const userNameForm = /^[\w+=,.@-]{1,64}$/;
export const accountForm = /^\d{12}$/;

/** How the credential report, and findings made from it, name the root user. */
export const rootName = '<root_account>';

export interface UserArn {
  readonly partition: string;
  readonly account: string;
  readonly root: boolean;
  /** The last part: a name, or a unique id where the name should stand. Empty for root. */
  readonly name: string;
  /** Starts and ends with `/`. */
  readonly path: string;
}

/** The parts of `arn:<partition>:iam::<account>:user<path><name>` or `…:root`; else undefined. */
export function parseUserArn(arn: string): UserArn | undefined {
  const [, partition, account, rest] = /^arn:([a-z-]+):iam::([^:]*):(.*)$/s.exec(arn) ?? [];
  if (partition === undefined || account === undefined || rest === undefined) return undefined;
  if (rest === 'root') return { partition, account, root: true, name: '', path: '/' };
  const [, path, name] = /^user(\/|\/[\x21-\x7e]+\/)([^/]*)$/.exec(rest) ?? [];
  if (path === undefined || name === undefined) return undefined;
  return { partition, account, root: name === rootName, name, path };
}

/** The example that a problem shows. */
export const exampleArn = 'arn:aws:iam::111122223333:user/path/name';

/** Everything wrong with the ARN at a field as one of a user of that account and partition. */
export function arnProblems(
  given: string | undefined,
  where: string,
  expected: {
    readonly partition: string;
    readonly account: string | undefined;
    /** The field that says so. */
    readonly accountField: string;
  },
): readonly string[] {
  if (given === undefined) return [];
  const arn = parseUserArn(given);
  if (arn === undefined) return [problem(where, given, `a user's ARN, ${exampleArn}`)];
  const named = arn.root || userNameForm.test(arn.name);
  const { account, accountField } = expected;
  return [
    ...foreignTo(expected.partition, where, arn.partition),
    ...(accountForm.test(arn.account)
      ? []
      : [problem(`the account in ${where}`, arn.account, 'a 12-digit account id')]),
    ...(account === undefined || arn.account === account
      ? []
      : [`${where} is in account ${arn.account} but ${accountField} is ${account}`]),
    ...(named ? [] : [problem(`the user name in ${where}`, arn.name, 'a name that IAM allows')]),
  ];
}
