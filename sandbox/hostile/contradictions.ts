/**
 * What in an event speaks against a report that was read from it. Written anew and loosely, not
 * with the product's own parsers: those are on trial.
 */
import type { Report } from '../../domain/finding.ts';

/** The value at a path, of whatever shape. */
export function at(value: unknown, ...path: readonly (string | number)[]): unknown {
  return path.reduce<unknown>(
    (inner, key) =>
      typeof inner === 'object' && inner !== null && Object.hasOwn(inner, key)
        ? Reflect.get(inner, key)
        : null,
    value,
  );
}

const listAt = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);
const texts = (...values: readonly unknown[]) =>
  values.filter((value): value is string => typeof value === 'string' && value !== '');

interface Sayings {
  /** Accounts, and ARNs with accounts and partitions in them. */
  readonly places: readonly string[];
  /** Everything that each resource names its user by. */
  readonly users: readonly (readonly string[])[];
  /** What has to hold for it to call for anything, and does not. */
  readonly not: readonly string[];
}

/** Why the report does not follow from the event; empty if it does. */
export function contradictionsOf(event: unknown, report: Report): readonly string[] {
  const candidates =
    report.finding.source === 'config'
      ? [ofConfig(event)]
      : findingsOf(event, report).map((said) =>
          report.finding.source === 'security hub'
            ? ofHub(event, said, report)
            : ofHubV2(event, said, report),
        );
  const complaints = candidates.map((sayings) => complaintsAbout(sayings, report));
  const [first = ['no such finding']] = complaints.toSorted((a, b) => a.length - b.length);
  return first;
}

function findingsOf(event: unknown, { finding }: Report): readonly unknown[] {
  return listAt(at(event, 'detail', 'findings')).filter((each) =>
    finding.source === 'security hub'
      ? at(each, 'Id') === finding.id
      : finding.source === 'security hub v2' &&
        at(each, 'finding_info', 'uid') === finding.findingUid,
  );
}

/** Each that is not as it has to be. */
function unless(...wanted: readonly (readonly [what: string, is: unknown, ...of: unknown[]])[]) {
  return wanted.filter(([, is, ...of]) => !of.includes(is)).map(([what, is]) => `${what}: ${is}`);
}

function ofConfig(event: unknown): Sayings {
  const detail = at(event, 'detail');
  const evaluated = ['newEvaluationResult', 'oldEvaluationResult'].map((which) =>
    at(detail, which, 'evaluationResultIdentifier', 'evaluationResultQualifier', 'resourceId'),
  );
  return {
    places: texts(at(event, 'account'), at(detail, 'awsAccountId'), at(detail, 'configRuleARN')),
    users: [texts(at(detail, 'resourceId'), ...evaluated)],
    not: unless(
      ['source', at(event, 'source'), 'aws.config'],
      ['verdict', at(detail, 'newEvaluationResult', 'complianceType'), 'NON_COMPLIANT'],
      ['resource', at(detail, 'resourceType'), 'AWS::IAM::User'],
      ['rule', /access-keys-rotated/.test(String(at(detail, 'configRuleName'))), true],
    ),
  };
}

function ofHub(event: unknown, said: unknown, { asked, user }: Report): Sayings {
  const named = (each: unknown) =>
    texts(
      at(each, 'Id'),
      at(each, 'Details', 'AwsIamUser', 'UserName'),
      at(each, 'Details', 'AwsIamUser', 'UserId'),
    );
  const resources = listAt(at(said, 'Resources')).filter(
    (each) => at(each, 'Type') === 'AwsIamUser',
  );
  const spoken = spokenOf(resources, user, named);
  const workflow = at(said, 'Workflow', 'Status');
  const actions = texts(...listAt(at(event, 'resources')));
  return {
    places: texts(at(said, 'Id'), at(said, 'ProductArn'), at(said, 'AwsAccountId')).concat(
      spoken.flatMap(named),
    ),
    users: spoken.map(named),
    not: unless(
      ['source', at(event, 'source'), 'aws.securityhub'],
      ['product', /:product\/aws\/securityhub$/.test(String(at(said, 'ProductArn'))), true],
      ['record', at(said, 'RecordState'), 'ACTIVE'],
      ['compliance', at(said, 'Compliance', 'Status'), 'FAILED'],
      asked
        ? ['action', actions.some((arn) => arn.endsWith(':action/custom/keyturn')), true]
        : ['workflow', workflow, 'NEW'],
    ),
  };
}

function ofHubV2(event: unknown, said: unknown, { user }: Report): Sayings {
  const named = (each: unknown) => texts(at(each, 'uid'), at(each, 'uid_alt'), at(each, 'name'));
  const resources = listAt(at(said, 'resources')).filter(
    (each) => at(each, 'type') === 'AWS::IAM::User',
  );
  const spoken = spokenOf(resources, user, named);
  return {
    places: texts(
      at(said, 'finding_info', 'uid'),
      at(said, 'metadata', 'product', 'uid'),
      at(said, 'cloud', 'account', 'uid'),
      ...spoken.flatMap((each) => [at(each, 'owner', 'account', 'uid'), ...named(each)]),
    ),
    users: spoken.map(named),
    not: unless(
      ['source', at(event, 'source'), 'aws.securityhub'],
      ['class', at(said, 'class_uid'), 2003],
      ['status', at(said, 'status_id') ?? 1, 1],
      ['verdict', at(said, 'compliance', 'status_id') ?? 3, 3],
    ),
  };
}

const last = (text: string) => (text.startsWith('arn:') ? (text.split('/').at(-1) ?? '') : text);

/** The resource that the report comes from; all that it may come from if none agrees with it. */
function spokenOf(
  resources: readonly unknown[],
  user: Report['user'],
  named: (resource: unknown) => readonly string[],
): readonly unknown[] {
  const words: readonly string[] = Object.values(user);
  const isOne = (text: string) => words.includes(last(text));
  const agreeing = resources.find((each) => named(each).some(isOne) && named(each).every(isOne));
  if (agreeing !== undefined) return [agreeing];
  return resources.filter((each) => named(each).some(isOne));
}

function complaintsAbout({ places, users, not }: Sayings, report: Report): readonly string[] {
  const parts = places.map(
    (text) => /^arn:([^:]*):[^:]*:[^:]*:([^:]*):/.exec(text) ?? ['', 'aws', text],
  );
  const accounts = parts.map(([, , account = '']) => account).filter((it) => /^\d{12}$/.test(it));
  const allowed: readonly string[] = Object.values(report.user);
  return [
    ...not,
    ...parts.filter(([, partition]) => partition !== 'aws').map(() => 'another partition'),
    ...accounts.filter((each) => each !== report.account).map((each) => `account ${each}`),
    ...(accounts.length === 0 ? ['no account at all'] : []),
    ...(users.length === 0 ? ['no user at all'] : []),
    ...users
      .flat()
      .map(last)
      .filter((each) => !allowed.includes(each)),
    ...allowed.filter((each) => !/^[\w+=,.@-]{1,128}$/.test(each)),
  ];
}
