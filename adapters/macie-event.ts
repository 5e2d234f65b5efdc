/**
 * Macie's findings of credentials in objects of S3, as EventBridge delivers them or as GetFindings
 * returns them. They say in which object, and how often; neither the value nor the id of a key.
 * https://docs.aws.amazon.com/macie/latest/user/findings-publish-event-schemas.html (2026-11)
 */
import * as v from 'valibot';
import type { MacieFinding } from '../domain/discovery.ts';
import type { Inbound } from '../domain/inbound.ts';
import { envelopeFields } from './event-envelope.ts';
import { accountForm } from './iam-user-arn.ts';
import { fields, problemsOf } from './problems.ts';
import { fieldProblems, jsonIn, moment } from './scanner-output.ts';

export interface MacieOutput {
  readonly findings: readonly MacieFinding[];
  /** Of other types, of other secrets, or samples. */
  readonly others: number;
  readonly problems: readonly string[];
}

const detection = v.looseObject(
  { type: v.string('a type of secret'), count: v.number('a number') },
  'an object',
);

const kind = v.looseObject(
  {
    category: v.string('a category'),
    detections: v.nullish(v.array(detection, 'a list')),
  },
  'an object',
);

const finding = v.looseObject(
  {
    id: v.pipe(v.string('the id of a finding'), v.minLength(1, 'the id of a finding')),
    type: v.string('the type of a finding'),
    accountId: v.pipe(v.string('an account id'), v.regex(accountForm, 'an account id')),
    region: v.string('a Region'),
    createdAt: moment,
    sample: v.nullish(v.boolean('true or false')),
    resourcesAffected: v.looseObject(
      {
        s3Bucket: v.looseObject({ name: v.string('the name of a bucket') }, 'an object'),
        s3Object: v.looseObject({ key: v.string('the key of an object') }, 'an object'),
      },
      'what is affected',
    ),
    classificationDetails: v.nullish(
      v.looseObject(
        {
          result: v.nullish(
            v.looseObject({ sensitiveData: v.nullish(v.array(kind, 'a list')) }, 'an object'),
          ),
        },
        'an object',
      ),
    ),
  },
  'a finding of Macie',
);

/** The two types under which credentials come: alone, or with other sensitive data. */
const types: readonly string[] = [
  'SensitiveData:S3Object/Credentials',
  'SensitiveData:S3Object/Multiple',
];

/** Macie's name for secret access keys of AWS, among private keys and others. */
const awsSecret = 'AWS_CREDENTIALS';

/** One event or finding, a list of them, the answer of GetFindings, or one a line. */
export function readMacie(content: string): MacieOutput {
  const whole = jsonIn(content);
  const listed: unknown = Object(whole).findings ?? whole;
  const items: readonly (readonly [where: string, item: unknown])[] =
    whole === undefined
      ? content
          .split('\n')
          .map((line, index) => [`line ${index + 1}`, line.trim()] as const)
          .filter(([, line]) => line !== '')
          .map(([where, line]) => [where, jsonIn(line)] as const)
      : (Array.isArray(listed) ? listed : [listed]).map(
          (item, index) => [`finding ${index + 1}`, item] as const,
        );
  const findings = new Map<string, MacieFinding>();
  const problems: string[] = [];
  let others = 0;
  for (const [where, item] of items) {
    const read = readItem(where, item);
    if (read.is === 'refused') problems.push(...read.problems);
    else if (read.is === 'other') others += 1;
    else findings.set(read.finding.id, read.finding);
  }
  return { findings: [...findings.values()], others, problems };
}

const macieEvent = fields(
  { ...envelopeFields, detail: v.looseObject({}, 'a finding of Macie') },
  'an EventBridge event',
);

/** One event as EventBridge delivers it. */
export function readMacieEvent(event: unknown): Inbound {
  const problems = problemsOf(macieEvent, event);
  if (problems.length > 0) return { kind: 'rejected', problems };
  const read = readItem('the event', event);
  switch (read.is) {
    case 'refused':
      return { kind: 'rejected', problems: read.problems };
    case 'other':
      return { kind: 'other', reason: 'Macie found no secret access key of AWS' };
    case 'found':
      return { kind: 'credentials', finding: read.finding };
  }
}

type ReadItem =
  | { readonly is: 'found'; readonly finding: MacieFinding }
  | { readonly is: 'other' }
  | { readonly is: 'refused'; readonly problems: readonly string[] };

function readItem(where: string, item: unknown): ReadItem {
  if (item === undefined) return { is: 'refused', problems: [`${where}: it is no JSON`] };
  const { source, detail } = Object(item) as { source?: unknown; detail?: unknown };
  if (detail !== undefined && source !== 'aws.macie') {
    return { is: 'refused', problems: [`${where}: it is an event, but not of Macie`] };
  }
  const inner = detail ?? item;
  const { type } = Object(inner) as { type?: unknown };
  // Findings of other types are of another form: about buckets, they have no object.
  if (typeof type === 'string' && !types.includes(type)) return { is: 'other' };
  const read = v.safeParse(finding, inner);
  if (!read.success) return { is: 'refused', problems: fieldProblems(finding, inner, where) };
  const { id, accountId, region, createdAt, resourcesAffected, sample } = read.output;
  const { s3Bucket, s3Object } = resourcesAffected;
  const kinds = read.output.classificationDetails?.result?.sensitiveData ?? null;
  const count = countIn(kinds);
  if (sample || count === 0) return { is: 'other' };
  const place = { account: accountId, region, bucket: s3Bucket.name, object: s3Object.key };
  return { is: 'found', finding: { id, ...place, count, at: createdAt } };
}

/** null where the details are missing: then it may be any credentials. */
function countIn(kinds: readonly v.InferOutput<typeof kind>[] | null): number | null {
  if (kinds === null) return null;
  const ours = kinds
    .filter(({ category }) => category === 'CREDENTIALS')
    .flatMap(({ detections }) => detections ?? [])
    .filter(({ type }) => type === awsSecret);
  return ours.reduce((sum, { count }) => sum + count, 0);
}
