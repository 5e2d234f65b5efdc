/**
 * The user that a finding's resource names: an ARN, with a path or without, that ends in the name
 * or (seen without Details) in the unique id; and Details, any part of which may be absent. What
 * is said twice must agree: a key is never touched on a guess.
 */
import type { UserReference } from '../domain/finding.ts';
import type { Partition } from '../domain/key.ts';
import {
  arnProblems,
  parseUserArn,
  rootName,
  type UserArn,
  uniqueIdForm,
  userNameForm,
} from './iam-user-arn.ts';
import { peekText, problem } from './problems.ts';

export type ReadUser =
  | { readonly is: 'user'; readonly user: UserReference }
  | { readonly is: 'root' }
  | { readonly is: 'wrong'; readonly problems: readonly string[] };

interface Details {
  readonly userId: string | undefined;
  readonly userName: string | undefined;
  readonly path: string | undefined;
}

/** Reads a resource of type AwsIamUser. `at` is where it stands in the event. */
export function readUser(
  resource: unknown,
  at: string,
  expected: { readonly partition: Partition; readonly account: string | undefined },
): ReadUser {
  const detail = (field: string) => peekText(resource, 'Details', 'AwsIamUser', field);
  const details: Details = {
    userId: detail('UserId'),
    userName: detail('UserName'),
    path: detail('Path'),
  };
  const id = peekText(resource, 'Id');
  const arn = parseUserArn(id ?? '');
  const partition = peekText(resource, 'Partition');
  const root = arn?.root === true || details.userName === rootName;
  const problems = [
    ...arnProblems(id, `${at}.Id`, { ...expected, accountField: 'AwsAccountId' }),
    ...(partition === undefined || arn === undefined || partition === arn.partition
      ? []
      : [`${at}.Partition is ${partition} but ${at}.Id is in partition ${arn.partition}`]),
    ...(root ? [] : formProblems(details, at)),
    ...(arn === undefined || root ? [] : contradictions(arn, details, at)),
  ];
  if (problems.length > 0) return { is: 'wrong', problems };
  if (root) return { is: 'root' };
  return arn === undefined
    ? { is: 'wrong', problems: [problem(`${at}.Id`, undefined, "a user's ARN")] }
    : { is: 'user', user: referenceOf(arn, details) };
}

/** Whether the unique id stands where the name should. A user may also be *called* AIDA…. */
function endsInUniqueId({ name }: UserArn, { userName }: Details): boolean {
  return uniqueIdForm.test(name) && userName !== name;
}

function referenceOf(arn: UserArn, details: Details): UserReference {
  const inArn = endsInUniqueId(arn, details);
  const userId = inArn ? arn.name : details.userId;
  const userName = inArn ? details.userName : arn.name;
  if (userName === undefined) return { by: 'id', userId: arn.name };
  return userId === undefined ? { by: 'name', userName } : { by: 'both', userId, userName };
}

function formProblems({ userId, userName, path }: Details, at: string): readonly string[] {
  const where = `${at}.Details.AwsIamUser`;
  return [
    ...(userId === undefined || uniqueIdForm.test(userId)
      ? []
      : [problem(`${where}.UserId`, userId, 'a unique id (AIDA…)')]),
    ...(userName === undefined || userNameForm.test(userName)
      ? []
      : [problem(`${where}.UserName`, userName, 'a name that IAM allows')]),
    ...(path === undefined || /^\/(.*\/)?$/s.test(path)
      ? []
      : [problem(`${where}.Path`, path, 'a path, which starts and ends with /')]),
  ];
}

function contradictions(arn: UserArn, details: Details, at: string): readonly string[] {
  const where = `${at}.Details.AwsIamUser`;
  if (endsInUniqueId(arn, details)) {
    return details.userId === undefined || details.userId === arn.name
      ? []
      : [`${at}.Id names ${arn.name} but ${where}.UserId is ${details.userId}: they must agree`];
  }
  return [
    ...(details.userName === undefined || details.userName === arn.name
      ? []
      : [
          `${at}.Id names ${arn.name} but ${where}.UserName is ${details.userName}: they ` +
            'must agree',
        ]),
    ...(details.path === undefined || details.path === arn.path
      ? []
      : [`${at}.Id has path ${arn.path} but ${where}.Path is ${details.path}: they must agree`]),
  ];
}
