/** ARNs of IAM users, as findings give them. */

import { foreignTo } from './foreign.ts';
import { peekText, problem } from './problems.ts';

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

/** Everything wrong with an ARN as one of a user of that account and partition. */
export function arnProblems(
  resource: unknown,
  at: string,
  expected: { readonly partition: string; readonly account: string | undefined },
): readonly string[] {
  const given = peekText(resource, 'Id');
  if (given === undefined) return [];
  const arn = parseUserArn(given);
  if (arn === undefined) return [problem(`${at}.Id`, given, `a user's ARN, ${exampleArn}`)];
  const named = arn.root || userNameForm.test(arn.name);
  return [
    ...foreignTo(expected.partition, `${at}.Id`, arn.partition),
    ...(accountForm.test(arn.account)
      ? []
      : [problem(`the account in ${at}.Id`, arn.account, 'a 12-digit account id')]),
    ...(expected.account === undefined || arn.account === expected.account
      ? []
      : [`${at}.Id is in account ${arn.account} but AwsAccountId is ${expected.account}`]),
    ...(named ? [] : [problem(`the user name in ${at}.Id`, arn.name, 'a name that IAM allows')]),
  ];
}
