/**
 * Events as EventBridge sends them, damaged, through the reader at the edge: never a throw, every
 * problem with its place, nothing reported that the event does not say, no finding lost.
 */
import fc from 'fast-check';
import { eventReader } from '../../../adapters/inbound-event.ts';
import type { Inbound } from '../../../domain/inbound.ts';
import { anyNumber, type Bite, bitten, someBites } from '../bites.ts';
import { at, contradictionsOf } from '../contradictions.ts';
import { chosen, type Example, exampleOf, examples } from '../examples.ts';
import { type CameTo, must, type Shape, shapeOf } from '../shape.ts';

const read = eventReader({ partition: 'aws', customAction: 'keyturn' });

/** Those that report somebody, and so have something to lose. */
const telling = examples.filter(({ event }) => reportsIn(read(event)).length > 0);

function reportsIn(inbound: Inbound) {
  return inbound.kind === 'findings' ? inbound.reports : [];
}

const isOf = (kind: string) => (example: Example) => at(example.event, 'source') === kind;

/** What each shape begins with: those that tell something three times as often as the others. */
const families = {
  config: [telling, telling, telling, examples].flatMap((all) => all.filter(isOf('aws.config'))),
  'security hub': [telling, telling, telling, examples].flatMap((all) =>
    all.filter((each) => isOf('aws.securityhub')(each) && !each.name.includes('-v2')),
  ),
  'security hub v2': [telling, telling, telling, examples].flatMap((all) =>
    all.filter(({ name }) => name.includes('-v2')),
  ),
  'status of a run': examples.filter(isOf('aws.ssm')),
  'label of a secret': examples.filter(isOf('aws.secretsmanager')),
  'any event': examples,
} as const;

const shares = {
  config: 90,
  'security hub': 180,
  'security hub v2': 120,
  'status of a run': 40,
  'label of a secret': 40,
  'any event': 30,
} as const satisfies Record<keyof typeof families, number>;

export const eventShapes: readonly Shape[] = Object.entries(families).map(([name, from]) =>
  shapeOf<readonly [number, readonly Bite[]]>({
    name: `event: ${name}`,
    share: shares[name as keyof typeof families],
    cases: fc.tuple(anyNumber, someBites),
    check: ([which, bites]) => checkEvent(bitten(chosen(from, which).event, bites).value),
    tell: ([which, bites]) => {
      const { name: example, event } = chosen(from, which);
      return [example, ...bitten(event, bites).marks].join('\n  ');
    },
  }),
);

function checkEvent(event: unknown): CameTo {
  const inbound = read(event);
  switch (inbound.kind) {
    case 'rejected':
      mustBeNamed(inbound.problems);
      return 'rejected';
    case 'findings':
      return checkFindings(event, inbound);
    case 'run':
      mustBeTheEvents(event, inbound.where);
      must(/^[0-9a-f-]{36}$/i.test(inbound.executionId), 'a run has an id', inbound);
      return 'a run';
    case 'label': {
      mustBeTheEvents(event, inbound.where);
      const { account, region } = inbound.where;
      const start = `arn:aws:secretsmanager:${region}:${account}:secret:keyturn/`;
      must(inbound.secretArn.startsWith(start), 'a secret is where its event is', inbound);
      return 'a label';
    }
    case 'credentials': {
      const { account, bucket, object } = inbound.finding;
      must(/^\d{12}$/.test(account), 'an object is in an account', inbound);
      must(
        bucket === at(event, 'detail', 'resourcesAffected', 's3Bucket', 'name'),
        'a bucket',
        event,
      );
      must(
        object === at(event, 'detail', 'resourcesAffected', 's3Object', 'key'),
        'an object',
        event,
      );
      return 'credentials';
    }
    case 'other':
      must(inbound.reason.length > 5, 'what is ignored has a reason', inbound);
      return 'ignored';
  }
}

/** What the rest depends on stands in the event as it is read, and nowhere else. */
function mustBeTheEvents(event: unknown, where: { account: string; region: string }): void {
  must(/^\d{12}$/.test(where.account), 'a place has an account', where);
  must(where.account === at(event, 'account'), 'a place is in the account of its event', where);
  must(where.region === at(event, 'region'), 'a place is in the Region of its event', where);
}

function checkFindings(event: unknown, read: Extract<Inbound, { kind: 'findings' }>): CameTo {
  const { reports, ignored, rejected } = read;
  for (const report of reports) {
    const wrong = contradictionsOf(event, report);
    must(wrong.length === 0, 'a report follows from its event', { report, wrong });
  }
  const findings = at(event, 'detail', 'findings');
  if (Array.isArray(findings) && !ignored.some((each) => each.includes('custom action'))) {
    const least = ignored.length + rejected.length;
    const most = least + reports.length;
    const count = findings.length;
    must(least <= Math.max(count, 1) && count <= most, 'each finding comes to something', read);
  }
  for (const { event: letter, problems } of rejected) {
    mustBeNamed(problems);
    const kept = at(letter, 'detail', 'findings', 0);
    must(Array.isArray(findings) && findings.includes(kept), 'a letter holds its finding', letter);
  }
  if (rejected.length > 0) return 'rejected';
  return reports.length > 0 ? 'reported' : 'ignored';
}

/** Words that say where in an event something stands. */
const somewhere =
  /\b(?:the event|detail|account|region|id|time|source|resources|detail-type|partition)\b/;

function mustBeNamed(problems: readonly string[]): void {
  must(problems.length > 0, 'what is rejected has problems', problems);
  for (const problem of problems) {
    must(problem.length <= 500 && problem.isWellFormed(), 'a problem can be read', problem);
    must(somewhere.test(problem), 'a problem says where', problem);
  }
}

/** Events with a good finding beside another one. */
const pairs = ['hub-two-findings', 'hub-one-bad-one-good', 'hub-custom-action-several'] as const;

interface Neighbours {
  readonly event: unknown;
  readonly marks: readonly string[];
  readonly good: unknown;
}

function neighbours(which: number, bites: readonly Bite[]): Neighbours {
  const name = chosen(pairs, which);
  const event = structuredClone(exampleOf(name));
  const findings = at(event, 'detail', 'findings');
  if (!Array.isArray(findings)) throw new Error(`${name} holds no findings`);
  const good: unknown = findings.find((each) => reportsIn(read(withOnly(event, each))).length > 0);
  const other: unknown = findings.find((each) => each !== good);
  const { value, marks } = bitten(other, bites);
  const first = (which >> 3) % 2 === 0;
  findings.splice(0, findings.length, ...(first ? [value, good] : [good, value]));
  return { event, marks: [name, ...marks], good };
}

export const neighbourShape: Shape = shapeOf<readonly [number, readonly Bite[]]>({
  name: 'event: a bad finding beside a good one',
  share: 60,
  cases: fc.tuple(anyNumber, someBites),
  check: ([which, bites]) => {
    const { event, good } = neighbours(which, bites);
    const [alone] = reportsIn(read(withOnly(event, good)));
    const inbound = read(event);
    const same = reportsIn(inbound).map((each) => JSON.stringify(each));
    must(alone !== undefined, 'the good finding is good', good);
    must(same.includes(JSON.stringify(alone)), 'a bad finding fails only itself', inbound);
    return checkEvent(event);
  },
  tell: ([which, bites]) => neighbours(which, bites).marks.join('\n  '),
});

function withOnly(event: unknown, finding: unknown): unknown {
  const copy = structuredClone(event);
  const detail = at(copy, 'detail');
  if (typeof detail === 'object' && detail !== null) Reflect.set(detail, 'findings', [finding]);
  return copy;
}
