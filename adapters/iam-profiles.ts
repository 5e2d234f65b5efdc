/**
 * Which policies apply to a user, read from IAM: its own and those of its groups, inline and
 * attached, through every page. Never changes anything. What is not there between two answers was
 * changed meanwhile, and is asked for again by whoever called.
 */
import {
  type AttachedPolicy,
  GetGroupPolicyCommand,
  GetPolicyCommand,
  GetPolicyVersionCommand,
  GetUserPolicyCommand,
  IAMClient,
  ListAttachedGroupPoliciesCommand,
  ListAttachedUserPoliciesCommand,
  ListGroupPoliciesCommand,
  ListGroupsForUserCommand,
  ListUserPoliciesCommand,
} from '@aws-sdk/client-iam';
import { Permanent, Transient } from '../domain/errors.ts';
import { type IamUser, userLabel } from '../domain/key.ts';
import type { PolicyDocument } from '../domain/policy-document.ts';
import type { Clock, Place, Profiles } from '../domain/ports.ts';
import { privilegedByArn } from '../domain/privilege.ts';
import { type AppliedPolicy, profileFrom } from '../domain/profile.ts';
import { type AwsConnection, connect } from './aws-connection.ts';
import { awsErrorName, fromAws } from './aws-error.ts';
import { backingOff } from './backing-off.ts';
import { iamUsers } from './iam-users.ts';
import { readPolicyDocument } from './policy-document.ts';

/** One reading of one user. */
interface Reading {
  readonly iam: IAMClient;
  readonly clock: Clock;
  readonly user: IamUser;
  /** Documents of AWS's own policies, by ARN: the same for everybody. */
  readonly known: Map<string, PolicyDocument>;
}

/** Through `connectionFor`; IAM is global, so one home Region serves the whole partition. */
export function iamProfiles(
  connectionFor: (place: Place) => AwsConnection,
  homeRegion: string,
  clock: Clock,
): Profiles {
  const users = iamUsers(connectionFor, homeRegion);
  const known = new Map<string, PolicyDocument>();
  return {
    profileOf: async (user) => {
      const { partition, account, userName } = user;
      const now = await users.byName(partition, account, userName);
      if (now?.userId !== user.userId) {
        throw new Permanent(
          `user ${userLabel(user)} (${user.userId}) is gone: there is nobody to read policies of`,
        );
      }
      const place = { partition, account, region: homeRegion };
      const iam = connect(IAMClient, connectionFor(place));
      const reading = { iam, clock, user, known };
      const groups = await groupsOf(reading);
      const holders = [asUser(iam, user), ...groups.map((group) => asGroup(iam, user, group))];
      const policies = await each(holders, (holder) => policiesOf(reading, holder));
      return profileFrom({ user, groups, policies: policies.flat() });
    },
  };
}

type From = { readonly Marker?: string };
type Listed<T> = Promise<T & Pick<AnyPage, 'IsTruncated' | 'Marker'>>;
type Attached = { readonly AttachedPolicies?: readonly AttachedPolicy[] | undefined };
type Inline = { readonly PolicyNames?: readonly string[] | undefined };

/** Who has policies: a user, or a group whose members it gives them to. */
interface Holder {
  /** `user 111122223333/x` */
  readonly who: string;
  readonly attached: (from: From) => Listed<Attached>;
  readonly inline: (from: From) => Listed<Inline>;
  readonly read: (name: string) => Promise<{ readonly PolicyDocument: string | undefined }>;
}

function asUser(iam: IAMClient, user: IamUser): Holder {
  const UserName = user.userName;
  return {
    who: `user ${userLabel(user)}`,
    attached: (from) => iam.send(new ListAttachedUserPoliciesCommand({ UserName, ...from })),
    inline: (from) => iam.send(new ListUserPoliciesCommand({ UserName, ...from })),
    read: (PolicyName) => iam.send(new GetUserPolicyCommand({ UserName, PolicyName })),
  };
}

function asGroup(iam: IAMClient, { account }: IamUser, GroupName: string): Holder {
  return {
    who: `group ${account}/${GroupName}`,
    attached: (from) => iam.send(new ListAttachedGroupPoliciesCommand({ GroupName, ...from })),
    inline: (from) => iam.send(new ListGroupPoliciesCommand({ GroupName, ...from })),
    read: (PolicyName) => iam.send(new GetGroupPolicyCommand({ GroupName, PolicyName })),
  };
}

function groupsOf(reading: Reading): Promise<readonly string[]> {
  const { iam, user } = reading;
  return everyPage(reading, `the groups of user ${userLabel(user)}`, async (from) => {
    const page = await iam.send(new ListGroupsForUserCommand({ UserName: user.userName, ...from }));
    return { ...page, items: page.Groups?.map(({ GroupName }) => GroupName) };
  });
}

async function policiesOf(
  reading: Reading,
  { who, attached, inline, read }: Holder,
): Promise<readonly AppliedPolicy[]> {
  const arns = await everyPage(reading, `the policies attached to ${who}`, async (from) => {
    const page = await attached(from);
    return { ...page, items: page.AttachedPolicies?.map(({ PolicyArn }) => PolicyArn) };
  });
  const names = await everyPage(reading, `the inline policies of ${who}`, async (from) => {
    const page = await inline(from);
    return { ...page, items: page.PolicyNames };
  });
  return [
    ...(await each(arns, (arn) => managed(reading, arn, who))),
    ...(await each(names, async (name) => {
      const what = `inline policy ${name} of ${who}`;
      const answer = await answered(reading, what, () => read(name));
      return { what, name, arn: undefined, document: understood(answer.PolicyDocument, what) };
    })),
  ];
}

/** A managed policy in its default version, which is the one that applies. */
async function managed(reading: Reading, arn: string, who: string): Promise<AppliedPolicy> {
  const what = `policy ${arn} of ${who}`;
  const name = arn.split('/').at(-1) ?? arn;
  if (privilegedByArn(arn)) return { what, name, arn, document: undefined };
  const known = reading.known.get(arn);
  if (known !== undefined) return { what, name, arn, document: known };
  const document = await documentOf(reading, arn, what);
  if (/^arn:[^:]+:iam::aws:policy\//.test(arn)) reading.known.set(arn, document);
  return { what, name, arn, document };
}

async function documentOf(reading: Reading, arn: string, what: string): Promise<PolicyDocument> {
  const { iam } = reading;
  const { Policy: policy } = await answered(reading, what, () =>
    iam.send(new GetPolicyCommand({ PolicyArn: arn })),
  );
  const version = policy?.DefaultVersionId;
  if (!version) throw new Permanent(`IAM shows ${what} without a default version`);
  const { PolicyVersion: shown } = await answered(reading, what, () =>
    iam.send(new GetPolicyVersionCommand({ PolicyArn: arn, VersionId: version })),
  );
  return understood(shown?.Document, what);
}

function understood(document: string | undefined, what: string): PolicyDocument {
  const read = readPolicyDocument(document, what);
  if (read.ok) return read.value;
  throw new Permanent(
    `${read.problems.join('; ')}. What it allows is not known: have a person look at it`,
  );
}

interface AnyPage {
  readonly items: readonly (string | undefined)[] | undefined;
  readonly IsTruncated?: boolean | undefined;
  readonly Marker?: string | undefined;
}

async function everyPage(
  reading: Reading,
  what: string,
  ask: (from: From) => Promise<AnyPage>,
): Promise<readonly string[]> {
  const found: string[] = [];
  let marker: string | undefined;
  do {
    const from = marker === undefined ? {} : { Marker: marker };
    const page = await answered(reading, what, () => ask(from));
    for (const item of page.items ?? []) {
      if (!item) throw new Permanent(`IAM lists ${what} without a name`);
      found.push(item);
    }
    marker = page.IsTruncated === true ? page.Marker : undefined;
    if (page.IsTruncated === true && marker === undefined) {
      throw new Permanent(`IAM cut the list of ${what} short without a marker`);
    }
  } while (marker !== undefined);
  return found;
}

/** The answer, asked again while throttled. What was listed and is gone was changed meanwhile. */
async function answered<T>({ clock }: Reading, what: string, ask: () => Promise<T>): Promise<T> {
  return backingOff(clock, ask).catch((error: unknown) => {
    const name = awsErrorName(error);
    const gone = name === 'NoSuchEntityException' || name === 'NoSuchEntity';
    if (!gone) throw fromAws(`reading ${what}`, error);
    throw new Transient(`reading ${what}: changed in that moment; it is asked again`, {
      cause: error,
    });
  });
}

/** One after the other: IAM allows few calls a second. */
async function each<S, T>(all: readonly S[], read: (one: S) => Promise<T>): Promise<readonly T[]> {
  const results: T[] = [];
  for (const one of all) results.push(await read(one));
  return results;
}
