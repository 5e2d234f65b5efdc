/**
 * One Security Hub finding. It counts if Security Hub itself made it, its control is the age of
 * access keys, it failed, is active, and nobody has dealt with it (workflow NEW: our own
 * write-backs come in again as updates); an analyst who asks by custom action overrides the
 * workflow alone.
 *
 * Findings of other products do not count, whatever control they name: anyone who may call
 * BatchImportFindings can write any GeneratorId, so it would let them choose whose keys are
 * rotated.
 */
import * as v from 'valibot';
import { type ControlVerdict, controlOf } from '../domain/control.ts';
import type { Finding, UserReference } from '../domain/finding.ts';
import type { ReadFinding } from '../domain/inbound.ts';
import { type Instant, parseInstant } from '../domain/instant.ts';
import type { Partition } from '../domain/key.ts';
import { partitionOf } from '../domain/region.ts';
import { type ReadUser, readUser } from './asff-user.ts';
import { account, moment, region } from './event-envelope.ts';
import {
  accountInArn,
  disagreements,
  foreignArn,
  parseHubArn,
  userRegionProblems,
} from './finding-place.ts';
import { listOf } from './findings-event.ts';
import { foreignTo } from './foreign.ts';
import { fields, maybe, peek, peekText, problemsOf, text } from './problems.ts';

/** Security Hub's own product, in any partition and Region. */
const productForm = /^arn:[a-z-]+:securityhub:[a-z0-9-]+::product\/aws\/securityhub$/;

/** What is known from around the finding. */
export interface Around {
  readonly partition: Partition;
  /** By custom action. */
  readonly asked: boolean;
  readonly sentAt: Instant;
}

const oneOf = <const T extends readonly string[]>(words: T) => {
  const shouldBe = `one of ${words.join(', ')}`;
  return v.pipe(v.picklist(words, shouldBe), v.description(shouldBe));
};

const resourcesOf = (resource: v.GenericSchema) =>
  v.pipe(
    v.array(resource, 'a list of resources'),
    v.minLength(1, 'a list of at least one resource'),
    v.description('a list of resources'),
  );

const resource = {
  Type: text('a resource type, e.g. AwsIamUser'),
  Id: text('the id of a resource'),
  Partition: maybe(text('a partition')),
  Region: maybe(text('a Region')),
};

const userDetails = fields({
  UserId: maybe(text('a unique id')),
  UserName: maybe(text('a user name')),
  Path: maybe(text('a path')),
});

/** Fields that every product's findings have. */
const common = {
  Id: text('the id of the finding'),
  ProductArn: text('the ARN of the product that made the finding'),
  GeneratorId: text('the name of what made the finding'),
  AwsAccountId: account,
  Region: maybe(region),
  UpdatedAt: maybe(moment),
  Resources: resourcesOf(fields(resource, 'a resource')),
};

/** What the findings of a control have besides. */
const ofControl = {
  ...common,
  Resources: resourcesOf(
    fields(
      { ...resource, Details: maybe(fields({ AwsIamUser: maybe(userDetails) })) },
      'a resource',
    ),
  ),
  Compliance: fields(
    { Status: oneOf(['PASSED', 'WARNING', 'FAILED', 'NOT_AVAILABLE']) },
    'an object with Status',
  ),
  RecordState: oneOf(['ACTIVE', 'ARCHIVED']),
};

const workflow = fields(
  { Status: oneOf(['NEW', 'NOTIFIED', 'RESOLVED', 'SUPPRESSED']) },
  'an object with Status',
);

const anyFinding = fields(common, 'a finding');
const imported = fields({ ...ofControl, Workflow: workflow }, 'a finding');
const chosen = fields(ofControl, 'a finding');

/**
 * What a finding comes to: reports of users, a reason to do nothing, or everything wrong with it.
 */
export function readFinding(finding: unknown, at: string, around: Around): ReadFinding {
  const isHubs = productForm.test(peekText(finding, 'ProductArn') ?? '');
  const verdict = verdictOn(finding);
  const ours = isHubs && verdict.is !== 'other';
  const users = ours ? usersOf(finding, at, around.partition) : [];
  const problems = [
    ...problemsOf(ours ? (around.asked ? chosen : imported) : anyFinding, finding, at),
    ...(ours ? placeProblems(finding, at, around.partition) : []),
    ...(ours && verdict.is === 'contradictory' ? [`${at}: ${verdict.problem}`] : []),
    ...users.flatMap((user) => (user.is === 'wrong' ? user.problems : [])),
  ];
  if (problems.length > 0) return { is: 'rejected', problems };
  const reason = isHubs
    ? whyNot(finding, verdict, users, around.asked)
    : `${peekText(finding, 'ProductArn')} is not Security Hub itself`;
  if (reason !== null) return { is: 'ignored', reason };
  return {
    is: 'reported',
    reports: users.flatMap((user) =>
      user.is === 'user' ? [reportOf(finding, verdict, user.user, around)] : [],
    ),
  };
}

/** Whatever places a part of the finding elsewhere than the rest, or in another partition. */
function placeProblems(finding: unknown, at: string, partition: Partition): readonly string[] {
  const field = (name: string) => peekText(finding, name);
  const product = parseHubArn(field('ProductArn'));
  const id = parseHubArn(field('Id'));
  const home = field('Region') ?? product?.region;
  const inRegion = field('Region');
  return [
    ...foreignArn(partition, `${at}.ProductArn`, field('ProductArn')),
    ...(inRegion === undefined ? [] : foreignTo(partition, `${at}.Region`, partitionOf(inRegion))),
    ...foreignArn(partition, `${at}.Id`, field('Id')),
    ...disagreements([
      { where: `${at}.Region`, value: inRegion },
      { where: `the Region in ${at}.ProductArn`, value: product?.region },
      { where: `the Region in ${at}.Id`, value: id?.region },
    ]),
    ...disagreements([
      { where: `${at}.AwsAccountId`, value: field('AwsAccountId') },
      { where: `the account in ${at}.Id`, value: id?.account ?? accountInArn(field('Id')) },
    ]),
    ...userResources(finding, at).flatMap(({ resource, where }) =>
      userRegionProblems(`${where}.Region`, peekText(resource, 'Region'), { partition, home }),
    ),
  ];
}

/** ProductFields by their several names: each standard has its own habit. */
function verdictOn(finding: unknown): ControlVerdict {
  const field = (...names: string[]) =>
    names
      .map((name) => peekText(finding, 'ProductFields', name))
      .find((each) => each !== undefined);
  return controlOf({
    generatorId: peekText(finding, 'GeneratorId'),
    standardArn: field(
      'StandardsSubscriptionArn',
      'StandardsGuideSubscriptionArn',
      'StandardsArn',
      'StandardsGuideArn',
    ),
    number: field('ControlId', 'RuleId'),
    securityControlId: peekText(finding, 'Compliance', 'SecurityControlId'),
    findingId: peekText(finding, 'Id'),
  });
}

function usersOf(finding: unknown, at: string, partition: Partition): readonly ReadUser[] {
  const owner = peekText(finding, 'AwsAccountId');
  return userResources(finding, at).map(({ resource, where }) =>
    readUser(resource, where, { partition, account: owner }),
  );
}

function userResources(finding: unknown, at: string) {
  return listOf(peek(finding, 'Resources'))
    .map((each, index) => ({ resource: each, where: `${at}.Resources[${index}]` }))
    .filter(({ resource: each }) => peekText(each, 'Type') === 'AwsIamUser');
}

/** Why a well-formed finding of Security Hub calls for nothing; null if it does not. */
function whyNot(
  finding: unknown,
  verdict: ControlVerdict,
  users: readonly ReadUser[],
  asked: boolean,
): string | null {
  if (verdict.is === 'other') return `it is about another control: ${verdict.control}`;
  const record = peekText(finding, 'RecordState');
  if (record !== 'ACTIVE') return `the finding is ${record}`;
  if (users.length === 0)
    return 'the finding is about the account or another resource, no IAM user';
  if (users.every((user) => user.is === 'root')) return 'the root user is never touched';
  const compliance = peekText(finding, 'Compliance', 'Status');
  if (compliance !== 'FAILED') return `the finding says ${compliance}, not FAILED`;
  const status = peekText(finding, 'Workflow', 'Status');
  return asked || status === 'NEW' ? null : `the finding is ${status} already, not NEW`;
}

function reportOf(
  finding: unknown,
  verdict: ControlVerdict,
  user: UserReference,
  { partition, asked, sentAt }: Around,
) {
  const owner = peekText(finding, 'AwsAccountId') ?? '';
  const source: Finding = {
    source: 'security hub',
    account: owner,
    region:
      peekText(finding, 'Region') ?? parseHubArn(peekText(finding, 'ProductArn'))?.region ?? '',
    id: peekText(finding, 'Id') ?? '',
    productArn: peekText(finding, 'ProductArn') ?? '',
    control: verdict.is === 'contradictory' ? '' : verdict.control,
    updatedAt: parseInstant(peekText(finding, 'UpdatedAt') ?? '') ?? sentAt,
  };
  return { partition, account: owner, user, finding: source, asked, sentAt };
}
