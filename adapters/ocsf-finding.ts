/**
 * One finding in the Open Cybersecurity Schema Framework, as Security Hub (V2) sends it. It counts
 * if it is a Compliance Finding that Security Hub itself made, its control is the age of access
 * keys, it failed, is not closed, and nobody has dealt with it (status New: our own write-backs
 * come in again as updates). Findings of other products do not count, whatever they name.
 * https://docs.aws.amazon.com/securityhub/latest/userguide/securityhub-ocsf.html (2026-11)
 */
import * as v from 'valibot';
import { type ControlVerdict, controlOf } from '../domain/control.ts';
import type { Finding, UserReference } from '../domain/finding.ts';
import type { ReadFinding } from '../domain/inbound.ts';
import { fromMillis, type Instant, parseInstant } from '../domain/instant.ts';
import type { Partition } from '../domain/key.ts';
import { partitionOf } from '../domain/region.ts';
import type { Around } from './asff-finding.ts';
import type { ReadUser } from './asff-user.ts';
import { account, moment, region } from './event-envelope.ts';
import { accountInArn, disagreements, foreignArn, parseHubArn } from './finding-place.ts';
import { listOf } from './findings-event.ts';
import { foreignTo } from './foreign.ts';
import { readOcsfUser } from './ocsf-user.ts';
import { activities, type ReadWord, readWord, statuses, verdicts } from './ocsf-words.ts';
import { fields, maybe, peek, peekText, problem, problemsOf, text } from './problems.ts';

/** The class of findings that a control makes; threats, vulnerabilities, … are others. */
const complianceFinding = 2003;

const productForm = /^arn:[a-z-]+:securityhub:[a-z0-9-]+::product(v2)?\/aws\/securityhub$/;

const classNumber = v.pipe(v.number('the number of a class'), v.description('a class, e.g. 2003'));

/** Fields that every class and product has. */
const common = {
  class_uid: classNumber,
  metadata: fields(
    { product: fields({ uid: text('the ARN of the product that made the finding') }) },
    'an object with product',
  ),
  cloud: fields(
    { account: fields({ uid: account }, 'an object with uid'), region: maybe(region) },
    'an object with account',
  ),
  finding_info: fields(
    { uid: text('the id of the finding'), modified_time_dt: maybe(moment) },
    'an object with uid',
  ),
};

const aResource = fields(
  { type: text('a resource type, e.g. AWS::IAM::User'), uid: maybe(text('the id of a resource')) },
  'a resource',
);

const anyFinding = fields(common, 'a finding');
const ofControl = fields(
  {
    ...common,
    compliance: fields(
      { control: text('the id of a control') },
      'an object with control and status',
    ),
    resources: v.pipe(
      v.array(aResource, 'a list of resources'),
      v.minLength(1, 'a list of at least one resource'),
      v.description('a list of resources'),
    ),
  },
  'a finding',
);

/** What the finding says of itself in words. */
interface Standing {
  readonly activity: ReadWord;
  readonly status: ReadWord;
  readonly compliance: ReadWord;
}

/** What a finding comes to: reports, a reason to do nothing, or everything wrong with it. */
export function readOcsfFinding(finding: unknown, at: string, around: Around): ReadFinding {
  const product = peekText(finding, 'metadata', 'product', 'uid') ?? '';
  const isHubs = productForm.test(product);
  const isCompliance = peek(finding, 'class_uid') === complianceFinding;
  const verdict = verdictOn(finding);
  const ours = isHubs && isCompliance && verdict.is !== 'other';
  const standing = standingOf(finding, at);
  const users = ours ? usersOf(finding, at, around.partition) : [];
  const problems = [
    ...problemsOf(ours ? ofControl : anyFinding, finding, at),
    ...(ours ? standingProblems(standing, at) : []),
    ...(ours ? placeProblems(finding, at, around.partition) : []),
    ...(ours && verdict.is === 'contradictory' ? [`${at}: ${verdict.problem}`] : []),
    ...users.flatMap((user) => (user.is === 'wrong' ? user.problems : [])),
  ];
  if (problems.length > 0) return { is: 'rejected', problems };
  if (!isHubs) return { is: 'ignored', reason: `${product} is not Security Hub itself` };
  if (!isCompliance) {
    const which = peekText(finding, 'class_name') ?? `a finding of class ${classOf(finding)}`;
    return { is: 'ignored', reason: `it is no Compliance Finding but ${which}` };
  }
  const reason = whyNot(verdict, users, standing);
  if (reason !== null) return { is: 'ignored', reason };
  return {
    is: 'reported',
    reports: users.flatMap((user) =>
      user.is === 'user' ? [reportOf(finding, verdict, user.user, around)] : [],
    ),
  };
}

function classOf(finding: unknown): string {
  return String(peek(finding, 'class_uid'));
}

function standingOf(finding: unknown, at: string): Standing {
  return {
    activity: readWord(finding, at, ['activity_id', 'activity_name'], activities),
    status: readWord(finding, at, ['status_id', 'status'], statuses),
    compliance: readWord(
      peek(finding, 'compliance'),
      `${at}.compliance`,
      ['status_id', 'status'],
      verdicts,
    ),
  };
}

function standingProblems(
  { activity, status, compliance }: Standing,
  at: string,
): readonly string[] {
  const missing = ({ word, problems }: ReadWord, where: string) =>
    word === undefined && problems.length === 0
      ? [problem(where, undefined, 'a number, or a word in its sibling')]
      : problems;
  return [
    ...activity.problems,
    ...missing(status, `${at}.status_id`),
    ...missing(compliance, `${at}.compliance.status_id`),
  ];
}

/** Whatever places a part of the finding elsewhere than the rest, or in another partition. */
function placeProblems(finding: unknown, at: string, partition: Partition): readonly string[] {
  const productUid = peekText(finding, 'metadata', 'product', 'uid');
  const findingUid = peekText(finding, 'finding_info', 'uid');
  const home = peekText(finding, 'cloud', 'region');
  const [product, id] = [parseHubArn(productUid), parseHubArn(findingUid)];
  return [
    ...foreignArn(partition, `${at}.metadata.product.uid`, productUid),
    ...(home === undefined ? [] : foreignTo(partition, `${at}.cloud.region`, partitionOf(home))),
    ...foreignArn(partition, `${at}.finding_info.uid`, findingUid),
    ...disagreements([
      { where: `${at}.cloud.region`, value: home },
      { where: `the Region in ${at}.metadata.product.uid`, value: product?.region },
      { where: `the Region in ${at}.finding_info.uid`, value: id?.region },
    ]),
    ...disagreements([
      { where: `${at}.cloud.account.uid`, value: peekText(finding, 'cloud', 'account', 'uid') },
      {
        where: `the account in ${at}.finding_info.uid`,
        value: id?.account ?? accountInArn(findingUid),
      },
    ]),
  ];
}

function verdictOn(finding: unknown): ControlVerdict {
  return controlOf({
    control: peekText(finding, 'compliance', 'control'),
    standards: listOf(peek(finding, 'compliance', 'standards')).filter(
      (each) => typeof each === 'string',
    ),
    findingId: peekText(finding, 'finding_info', 'uid'),
  });
}

function usersOf(finding: unknown, at: string, partition: Partition): readonly ReadUser[] {
  const owner = peekText(finding, 'cloud', 'account', 'uid');
  const home = homeOf(finding);
  return listOf(peek(finding, 'resources')).flatMap((each, index) =>
    peekText(each, 'type') === 'AWS::IAM::User'
      ? [readOcsfUser(each, `${at}.resources[${index}]`, { partition, account: owner, home })]
      : [],
  );
}

function homeOf(finding: unknown): string | undefined {
  const product = parseHubArn(peekText(finding, 'metadata', 'product', 'uid'));
  return peekText(finding, 'cloud', 'region') ?? product?.region;
}

/** Why a well-formed Compliance Finding of Security Hub calls for nothing; null if it does not. */
function whyNot(
  verdict: ControlVerdict,
  users: readonly ReadUser[],
  { activity, status, compliance }: Standing,
): string | null {
  if (verdict.is === 'other') return `it is about another control: ${verdict.control}`;
  if (activity.word === 'Close') return 'the finding is closed';
  if (users.length === 0)
    return 'the finding is about the account or another resource, no IAM user';
  if (users.every((user) => user.is === 'root')) return 'the root user is never touched';
  if (compliance.word !== 'Fail') return `the finding says ${compliance.word}, not Fail`;
  return status.word === 'New' ? null : `the finding is ${status.word} already, not New`;
}

function reportOf(
  finding: unknown,
  verdict: ControlVerdict,
  user: UserReference,
  { partition, asked, sentAt }: Around,
) {
  const owner = peekText(finding, 'cloud', 'account', 'uid') ?? '';
  const source: Finding = {
    source: 'security hub v2',
    account: owner,
    region: homeOf(finding) ?? '',
    findingUid: peekText(finding, 'finding_info', 'uid') ?? '',
    productUid: peekText(finding, 'metadata', 'product', 'uid') ?? '',
    control: verdict.is === 'contradictory' ? '' : verdict.control,
    updatedAt: modifiedAt(finding) ?? sentAt,
  };
  return { partition, account: owner, user, finding: source, asked, sentAt };
}

function modifiedAt(finding: unknown): Instant | undefined {
  const millis = peek(finding, 'finding_info', 'modified_time');
  const named = parseInstant(peekText(finding, 'finding_info', 'modified_time_dt') ?? '');
  return named ?? (isMillis(millis) ? fromMillis(millis) : undefined);
}

/** Of years with four digits, which is as far as an Instant goes. */
function isMillis(value: unknown): value is number {
  return typeof value === 'number' && value >= 0 && value < Date.UTC(10_000, 0);
}
