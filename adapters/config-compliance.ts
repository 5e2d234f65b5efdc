/**
 * AWS Config's "Config Rules Compliance Change": a rule has judged a user. It names the user by
 * unique id, carries no key, and may come without the evaluation before it.
 * https://docs.aws.amazon.com/config/latest/developerguide/monitor-config-with-cloudwatchevents.html
 * (2026-11-23)
 */
import * as v from 'valibot';
import type { Report } from '../domain/finding.ts';
import type { Inbound } from '../domain/inbound.ts';
import type { Partition } from '../domain/key.ts';
import { partitionOf } from '../domain/region.ts';
import {
  account,
  differences,
  type EventSettings,
  envelopeFields,
  region,
  sentAt,
} from './event-envelope.ts';
import { foreignTo } from './foreign.ts';
import { rootName, uniqueIdForm } from './iam-user-arn.ts';
import { fields, maybe, peekText, problem, problemsOf, text } from './problems.ts';

const compliance = ['COMPLIANT', 'NON_COMPLIANT', 'NOT_APPLICABLE', 'INSUFFICIENT_DATA'] as const;
const complianceWords = `one of ${compliance.join(', ')}`;

const evaluation = fields(
  {
    complianceType: v.pipe(v.picklist(compliance, complianceWords), v.description(complianceWords)),
    evaluationResultIdentifier: maybe(
      fields({
        evaluationResultQualifier: maybe(
          fields({ evaluationMode: maybe(text('DETECTIVE or PROACTIVE')) }),
        ),
      }),
    ),
  },
  'an evaluation result',
);

const complianceChange = fields(
  {
    ...envelopeFields,
    detail: fields(
      {
        awsAccountId: account,
        awsRegion: region,
        configRuleName: text('the name of a Config rule'),
        configRuleARN: maybe(text('the ARN of a Config rule')),
        resourceType: text('a resource type, e.g. AWS::IAM::User'),
        resourceId: text("the user's unique id (AIDA…)"),
        newEvaluationResult: evaluation,
      },
      'what Config says',
    ),
  },
  'an EventBridge event',
);

/**
 * The names under which the managed rule access-keys-rotated is found: as it is; made by Security
 * Hub for itself; deployed by a conformance pack; deployed by an organization. A name that merely
 * contains it is somebody's own rule, which may mean anything.
 */
const ruleNames: readonly RegExp[] = [
  /^access-keys-rotated$/,
  /^securityhub-access-keys-rotated-[A-Za-z0-9]+$/,
  /^access-keys-rotated-conformance-pack-[A-Za-z0-9]+$/,
  /^OrgConfigRule-access-keys-rotated-[A-Za-z0-9]+$/,
];

/**
 * `AWS::IAM::Role`, `AWS::::Account`.
 * https://docs.aws.amazon.com/config/latest/developerguide/resource-config-reference.html (2026-11)
 */
const resourceTypeForm = /^[A-Za-z0-9]+::[A-Za-z0-9]*::[A-Za-z0-9]+$/;

/**
 * The services that make rules for themselves, by the form of the names that they give; a rule's
 * ARN is `…:config-rule/aws-service-rule/<service>/<id>` then.
 * https://docs.aws.amazon.com/config/latest/developerguide/service-linked-awsconfig-rules.html
 * (2026-11)
 */
const makers: readonly (readonly [name: RegExp, service: string])[] = [
  [/^securityhub-/, 'securityhub.amazonaws.com'],
  [/-conformance-pack-/, 'config-conforms.amazonaws.com'],
  [/^OrgConfigRule-/, 'config-multiaccountsetup.amazonaws.com'],
];

/** Whether a Config rule of that name judges the age of access keys. */
export function isKeyAgeRule(name: string): boolean {
  return ruleNames.some((form) => form.test(name));
}

/** One compliance change, as at most one report. */
export function readComplianceChange(event: unknown, settings: EventSettings): Inbound {
  const of = (...path: string[]) => peekText(event, 'detail', ...path) ?? '';
  const [rule, resourceType, resourceId] = [
    of('configRuleName'),
    of('resourceType'),
    of('resourceId'),
  ];
  const judged = of('newEvaluationResult', 'complianceType');
  const ours = isKeyAgeRule(rule);
  const root = isRoot(resourceId, of('awsAccountId'), settings.partition);
  const problems = [
    ...problemsOf(complianceChange, event),
    ...contradictions(event, settings.partition),
    ...(ours && !root ? userProblems(resourceType, resourceId) : []),
  ];
  if (problems.length > 0) return { kind: 'rejected', problems };
  if (!ours) return ignored(otherRule(rule));
  if (resourceType !== 'AWS::IAM::User') return ignored(`it is about an ${resourceType}, no user`);
  if (root) return ignored('the root user is never touched');
  const mode = peekText(event, ...modePath) ?? 'DETECTIVE';
  if (mode !== 'DETECTIVE') {
    return ignored(`the evaluation is ${mode}: it judges what may be deployed, no user there is`);
  }
  if (judged !== 'NON_COMPLIANT') return ignored(`Config says ${judged} of ${resourceId}`);
  const where = { account: of('awsAccountId'), region: of('awsRegion') };
  const report: Report = {
    partition: settings.partition,
    account: where.account,
    user: { by: 'id', userId: resourceId },
    finding: { source: 'config', ...where, ruleName: rule, resourceId },
    asked: false,
    sentAt: sentAt(event),
  };
  return { kind: 'findings', reports: [report], ignored: [], rejected: [] };
}

/** Absent from older events; PROACTIVE where a template was judged before its deployment. */
const modePath = [
  'detail',
  'newEvaluationResult',
  'evaluationResultIdentifier',
  'evaluationResultQualifier',
  'evaluationMode',
] as const;

function otherRule(rule: string): string {
  const unused = rule.includes('iam-user-unused-credentials-check');
  return unused
    ? `the Config rule ${rule} is about unused credentials: only the age of access keys counts`
    : `the Config rule ${rule} is not about the age of access keys`;
}

function ignored(reason: string): Inbound {
  return { kind: 'findings', reports: [], ignored: [reason], rejected: [] };
}

/** The root user's unique id is the account id. */
function isRoot(resourceId: string, awsAccountId: string, partition: Partition): boolean {
  const arn = `arn:${partition}:iam::${awsAccountId}:root`;
  return [awsAccountId, arn, 'root', rootName].includes(resourceId);
}

function userProblems(resourceType: string, resourceId: string): readonly string[] {
  if (resourceType === '') return [];
  if (resourceType !== 'AWS::IAM::User') {
    return resourceTypeForm.test(resourceType)
      ? []
      : [problem('detail.resourceType', resourceType, 'a resource type, e.g. AWS::IAM::User')];
  }
  return resourceId === '' || uniqueIdForm.test(resourceId)
    ? []
    : [problem('detail.resourceId', resourceId, "the user's unique id (AIDA…)")];
}

/** An ARN that says which service made the rule, and a name of the form that another one gives. */
function makerProblems(event: unknown): readonly string[] {
  const rule = peekText(event, 'detail', 'configRuleName') ?? '';
  const arn = peekText(event, 'detail', 'configRuleARN') ?? '';
  const [, service] = /:config-rule\/aws-service-rule\/([^/]+)\/[^/]+$/.exec(arn) ?? [];
  const [, maker] = makers.find(([form]) => form.test(rule)) ?? [];
  return service === undefined || maker === undefined || service === maker
    ? []
    : [
        `detail.configRuleARN is of a rule that ${service} made, but detail.configRuleName ` +
          `"${rule}" is a name that ${maker} gives`,
      ];
}

function contradictions(event: unknown, partition: Partition): readonly string[] {
  const judged = ['newEvaluationResult', 'oldEvaluationResult'].flatMap((result) =>
    ['configRuleName', 'resourceType', 'resourceId'].map(
      (field) =>
        [
          ['detail', field],
          ['detail', result, 'evaluationResultIdentifier', 'evaluationResultQualifier', field],
        ] as const,
    ),
  );
  return [
    ...differences(event, [
      [['account'], ['detail', 'awsAccountId']],
      [['region'], ['detail', 'awsRegion']],
      ...judged,
    ]),
    ...placeProblems(event, partition),
    ...makerProblems(event),
  ];
}

/** The Region, and the rule's ARN where it is given, must lie where the event says it happened. */
function placeProblems(event: unknown, partition: Partition): readonly string[] {
  const home = peekText(event, 'detail', 'awsRegion');
  const owner = peekText(event, 'detail', 'awsAccountId');
  const arn = peekText(event, 'detail', 'configRuleARN');
  const [, arnPartition, arnRegion, arnAccount] =
    /^arn:([a-z-]+):config:([^:]*):([^:]*):config-rule\/.+$/s.exec(arn ?? '') ?? [];
  const parts: readonly (readonly [string, string | undefined, string | undefined])[] = [
    ['Region', arnRegion, home],
    ['account', arnAccount, owner],
  ];
  return [
    ...(home === undefined
      ? []
      : foreignTo(partition, `detail.awsRegion ${home}`, partitionOf(home))),
    ...(arn !== undefined && arnPartition === undefined
      ? [problem('detail.configRuleARN', arn, 'the ARN of a Config rule')]
      : []),
    ...foreignTo(partition, 'detail.configRuleARN', arnPartition),
    ...parts.flatMap(([what, inArn, inDetail]) =>
      inArn === undefined || inDetail === undefined || inArn === inDetail
        ? []
        : [`the ${what} in detail.configRuleARN is "${inArn}" but the event's is "${inDetail}"`],
    ),
  ];
}
