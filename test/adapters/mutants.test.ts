/**
 * Thousands of damaged events: each example with parts taken away, of the wrong type, of another
 * account or partition, repeated, nested, huge, or named like what every object has. Reading never
 * throws, and never reports a user or account that the event does not name consistently. A seed
 * replays: the number in a failure's text.
 */
import { expect, test } from 'vitest';
import { eventReader } from '../../adapters/inbound-event.ts';
import type { Report } from '../../domain/finding.ts';
import { randomFrom } from '../domain/random-events.ts';
import { eventNames, eventOf } from '../fixtures/events.ts';

type Json = Record<string, unknown> | unknown[];

const mutants = 3_000;
const examples = eventNames.map((name) => ({ name, event: eventOf(name) }));
const read = eventReader({ partition: 'aws', customAction: 'keyturn' });
/** Those that report somebody, and so have something to contradict. */
const telling = examples.filter(({ event }) => {
  const inbound = read(event);
  return inbound.kind === 'findings' && inbound.reports.length > 0;
});
const isJson = (value: unknown): value is Json => typeof value === 'object' && value !== null;

/** Every place in a value: the object or list that holds it, and its key there. */
function placesIn(value: unknown): readonly { readonly holder: Json; readonly key: string }[] {
  if (!isJson(value)) return [];
  return Object.keys(value).flatMap((key) => [
    { holder: value, key },
    ...placesIn(Reflect.get(value, key)),
  ]);
}

function deep(levels: number): unknown {
  let nested: unknown = 'end';
  for (let level = 0; level < levels; level++) nested = level % 2 === 0 ? [nested] : { a: nested };
  return nested;
}

const inText = (from: RegExp, to: string) => (value: unknown) =>
  typeof value === 'string' ? value.replaceAll(from, to) : to;

/** What may become of a value, given another one of the same event. */
const damages: readonly ((value: unknown, other: unknown) => unknown)[] = [
  () => null,
  () => '',
  () => ' ',
  () => 0,
  () => Number.MAX_VALUE,
  () => -1,
  () => true,
  () => [],
  () => ({}),
  (value) => [value],
  (value) => [value, value],
  (value) => ({ value }),
  (value) => (Array.isArray(value) ? [...value, ...value] : value),
  () => deep(300),
  () => 'x'.repeat(10_000),
  () => '__proto__',
  () => 'constructor',
  () => JSON.parse('{"__proto__": {"Type": "AwsIamUser"}, "constructor": 1, "toString": null}'),
  (_, other) => other,
  (_, other) => structuredClone(other),
];

/** Another account, partition, Region, user or control in a text that names one. */
const contradicting: readonly ((value: unknown) => unknown)[] = [
  inText(/111122223333|444455556666/g, '123456789012'),
  inText(/111122223333/g, '444455556666'),
  inText(/arn:aws:/g, 'arn:aws-cn:'),
  inText(/us-east-1/g, 'eu-west-1'),
  inText(/us-east-1/g, 'cn-north-1'),
  inText(/ci-runner|report-mailer/g, 'etl-nightly'),
  inText(/AIDA[A-Z0-9]+/g, 'AIDAJQABLZS4A3EXAMPLE'),
  inText(/IAM\.3/g, 'IAM.5'),
  inText(/user\/.*$/g, 'user/AIDAJQABLZS4A3EXAMPLE'),
  inText(/user\/.*$/g, 'user/'),
  inText(/user\/.*$/g, 'root'),
  inText(/$/g, '\u0000\n'),
];

/** One text that names something names something else. */
function contradict(event: unknown, random: () => number): void {
  const change = contradicting[Math.floor(random() * contradicting.length)] ?? String;
  const places = placesIn(event).filter(({ holder, key }) => {
    const value = Reflect.get(holder, key);
    return typeof value === 'string' && change(value) !== value;
  });
  const place = places[Math.floor(random() * places.length)];
  if (place === undefined) return;
  Reflect.set(place.holder, place.key, change(Reflect.get(place.holder, place.key)));
}

function damaged(event: unknown, random: () => number): unknown {
  if (random() < 0.6) {
    contradict(event, random);
    return event;
  }
  for (let times = 1 + Math.floor(random() * 2); times > 0; times--) {
    const places = placesIn(event);
    const place = places[Math.floor(random() * places.length)];
    const other = places[Math.floor(random() * places.length)];
    if (place === undefined || other === undefined) return event;
    const { holder, key } = place;
    const damage = damages[Math.floor(random() * (damages.length + 2))];
    if (damage === undefined) Reflect.deleteProperty(holder, key);
    else {
      const taken = structuredClone(Reflect.get(other.holder, other.key));
      Reflect.set(holder, key, damage(Reflect.get(holder, key), taken));
    }
  }
  return event;
}

/** The value at a path, of whatever shape. Written anew here: the reader is on trial. */
function at(value: unknown, ...path: readonly string[]): unknown {
  return path.reduce<unknown>(
    (inner, key) => (isJson(inner) && Object.hasOwn(inner, key) ? Reflect.get(inner, key) : null),
    value,
  );
}
const all = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);
const texts = (...values: readonly unknown[]) =>
  values.filter((value): value is string => typeof value === 'string' && value !== '');

/** What the part of the event that a report comes from says of place and user. */
function sayingsOf(event: unknown, { finding, user }: Report) {
  const detail = at(event, 'detail');
  if (finding.source === 'config') {
    const evaluated = ['newEvaluationResult', 'oldEvaluationResult'].map((which) =>
      at(detail, which, 'evaluationResultIdentifier', 'evaluationResultQualifier', 'resourceId'),
    );
    return {
      places: texts(at(event, 'account'), at(detail, 'awsAccountId'), at(detail, 'configRuleARN')),
      users: [texts(at(detail, 'resourceId'), ...evaluated)],
    };
  }
  const v1 = finding.source === 'security hub';
  const id = v1 ? finding.id : Reflect.get(finding, 'findingUid');
  const said = all(at(detail, 'findings')).find(
    (each) => (v1 ? at(each, 'Id') : at(each, 'finding_info', 'uid')) === id,
  );
  const resources = all(at(said, v1 ? 'Resources' : 'resources')).filter((each) =>
    v1 ? at(each, 'Type') === 'AwsIamUser' : at(each, 'type') === 'AWS::IAM::User',
  );
  const named = (each: unknown) =>
    v1
      ? texts(
          at(each, 'Id'),
          at(each, 'Details', 'AwsIamUser', 'UserName'),
          at(each, 'Details', 'AwsIamUser', 'UserId'),
        )
      : texts(at(each, 'uid'), at(each, 'uid_alt'), at(each, 'name'));
  const words: readonly string[] = Object.values(user);
  const spoken = resources.filter((each) => named(each).some((text) => words.includes(last(text))));
  return {
    places: v1
      ? texts(id, at(said, 'ProductArn'), at(said, 'AwsAccountId'), ...spoken.flatMap(named))
      : texts(
          id,
          at(said, 'metadata', 'product', 'uid'),
          at(said, 'cloud', 'account', 'uid'),
          ...spoken.flatMap((each) => [at(each, 'owner', 'account', 'uid'), ...named(each)]),
        ),
    users: spoken.map(named),
  };
}

const last = (text: string) => (text.startsWith('arn:') ? (text.split('/').at(-1) ?? '') : text);

/** Everything about a report that the event contradicts. */
function contradictionsOf(event: unknown, report: Report): readonly string[] {
  const { places, users } = sayingsOf(event, report);
  const parts = places.map(
    (text) => /^arn:([^:]*):[^:]*:[^:]*:([^:]*):/.exec(text) ?? ['', 'aws', text],
  );
  const accounts = parts
    .map(([, , account = '']) => account)
    .filter((each) => /^\d{12}$/.test(each));
  const allowed: readonly string[] = Object.values(report.user);
  return [
    ...parts.filter(([, partition]) => partition !== 'aws').map(() => 'another partition'),
    ...accounts.filter((each) => each !== report.account).map((each) => `account ${each}`),
    ...(accounts.length === 0 ? ['no account at all'] : []),
    ...(users.length === 0 ? ['no user at all'] : []),
    ...users
      .flat()
      .map(last)
      .filter((each) => !allowed.includes(each)),
    ...allowed.filter((each) => each.trim() === ''),
  ];
}

test(`${mutants} damaged events`, { timeout: 30_000 }, () => {
  const seen = { reported: 0, rejected: 0, ignored: 0 };
  for (let seed = 1; seed <= mutants; seed++) {
    const from = seed % 4 === 0 ? examples : telling;
    const { name, event: whole } = from[Math.floor(seed / 4) % from.length] ?? {
      name: '',
      event: {},
    };
    const event = damaged(structuredClone(whole), randomFrom(seed));
    const inbound = read(event);
    const reports = inbound.kind === 'findings' ? inbound.reports : [];
    for (const report of reports) {
      const wrong = contradictionsOf(event, report);
      if (wrong.length > 0) expect.fail(`seed ${seed}, ${name}: ${wrong.join('; ')}`);
    }
    const bad = inbound.kind === 'rejected' || (inbound.kind === 'findings' && inbound.rejected[0]);
    seen[reports.length > 0 ? 'reported' : bad ? 'rejected' : 'ignored'] += 1;
  }
  // Damage in a place that matters to nobody leaves an event good; too much would prove nothing.
  expect(seen.reported).toBeGreaterThan(mutants / 10);
  expect(seen.rejected).toBeGreaterThan(mutants / 10);
});
