/**
 * The user that a resource of an OCSF finding names. Security Hub gives the unique id in `uid` and
 * the ARN in `uid_alt`; either may hold either, or the name, and more may stand in `name` and
 * `data`. What is said twice must agree: a key is never touched on a guess.
 * https://github.com/elastic/integrations/tree/main/packages/aws_securityhub (samples, 2026-11)
 */
import type { UserReference } from '../domain/finding.ts';
import type { Partition } from '../domain/key.ts';
import type { ReadUser } from './asff-user.ts';
import { disagreements, type Told, userRegionProblems } from './finding-place.ts';
import { foreignTo } from './foreign.ts';
import {
  accountForm,
  arnProblems,
  parseUserArn,
  rootName,
  uniqueIdForm,
  userNameForm,
} from './iam-user-arn.ts';
import { peekText, problem } from './problems.ts';

export interface Expected {
  readonly partition: Partition;
  /** cloud.account.uid. */
  readonly account: string | undefined;
  /** cloud.region. */
  readonly home: string | undefined;
}

/** Everything that the resource says of its user, by the field that says it. */
interface Sayings {
  readonly ids: readonly Told[];
  readonly names: readonly Told[];
  readonly paths: readonly Told[];
  readonly root: boolean;
  readonly problems: readonly string[];
}

/** Reads a resource of type AWS::IAM::User. `at` is where it stands in the event. */
export function readOcsfUser(resource: unknown, at: string, expected: Expected): ReadUser {
  const said = sayingsOf(resource, at, expected);
  const partition = peekText(resource, 'cloud_partition');
  const problems = [
    ...said.problems,
    ...foreignTo(expected.partition, `${at}.cloud_partition`, partition),
    ...disagreements([
      { where: 'cloud.account.uid', value: expected.account },
      {
        where: `${at}.owner.account.uid`,
        value: peekText(resource, 'owner', 'account', 'uid'),
      },
    ]),
    ...userRegionProblems(`${at}.region`, peekText(resource, 'region'), expected),
    ...(said.root ? [] : [said.ids, said.names, said.paths].flatMap(disagreements)),
  ];
  if (problems.length > 0) return { is: 'wrong', problems };
  if (said.root) return { is: 'root' };
  const user = referenceOf(said.ids[0]?.value, said.names[0]?.value);
  return user === undefined
    ? { is: 'wrong', problems: [problem(`${at}.uid`, undefined, "a user's unique id or ARN")] }
    : { is: 'user', user };
}

function referenceOf(
  userId: string | undefined,
  userName: string | undefined,
): UserReference | undefined {
  if (userName === undefined) return userId === undefined ? undefined : { by: 'id', userId };
  return userId === undefined ? { by: 'name', userName } : { by: 'both', userId, userName };
}

function sayingsOf(resource: unknown, at: string, expected: Expected): Sayings {
  const detail = (field: string): Told => ({
    where: `${at}.data.awsIamUserDetails.${field}`,
    value: peekText(resource, 'data', 'awsIamUserDetails', field),
  });
  const certain: Sayings = {
    ids: [detail('userId')].filter(isSaid),
    names: [detail('userName')].filter(isSaid),
    paths: [detail('path')].filter(isSaid),
    root: detail('userName').value === rootName,
    problems: [
      ...formProblems(detail('userId'), uniqueIdForm, 'a unique id (AIDA…)'),
      ...(detail('userName').value === rootName
        ? []
        : formProblems(detail('userName'), userNameForm, 'a name that IAM allows')),
    ],
  };
  return ['uid', 'uid_alt', 'name']
    .map((field) => ({ where: `${at}.${field}`, value: peekText(resource, field) }))
    .reduce((said, told) => withSaying(said, told, expected), certain);
}

/** A field that may hold an ARN, a unique id or a name; the root user's id is the account's. */
function withSaying(said: Sayings, { where, value }: Told, expected: Expected): Sayings {
  if (value === undefined) return said;
  if (value.startsWith('arn:')) return withArn(said, { where, value }, expected);
  if (accountForm.test(value) || value === 'root' || value === rootName) {
    return { ...said, root: true };
  }
  if (uniqueIdForm.test(value)) return { ...said, ids: [...said.ids, { where, value }] };
  const problems = formProblems({ where, value }, userNameForm, "a user's unique id, ARN or name");
  return {
    ...said,
    names: [...said.names, { where, value }],
    problems: [...said.problems, ...problems],
  };
}

function withArn(said: Sayings, { where, value }: Told, expected: Expected): Sayings {
  const arn = parseUserArn(value ?? '');
  const { partition, account } = expected;
  const problems = [
    ...said.problems,
    ...arnProblems(value, where, { partition, account, accountField: 'cloud.account.uid' }),
  ];
  if (arn === undefined || arn.name === '') {
    return { ...said, problems, root: said.root || arn?.root === true };
  }
  // A user may be *called* AIDA…: then something else must give that as the name.
  const called = said.names.some((name) => name.value === arn.name);
  if (uniqueIdForm.test(arn.name) && !called) {
    return { ...said, problems, ids: [...said.ids, { where, value: arn.name }] };
  }
  return {
    ids: said.ids,
    names: [...said.names, { where, value: arn.name }],
    paths: [...said.paths, { where, value: arn.path }],
    root: said.root || arn.root,
    problems,
  };
}

function formProblems({ where, value }: Told, form: RegExp, shouldBe: string): readonly string[] {
  return value === undefined || form.test(value) ? [] : [problem(where, value, shouldBe)];
}

function isSaid({ value }: Told): boolean {
  return value !== undefined;
}
