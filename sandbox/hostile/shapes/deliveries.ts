/**
 * Batches as SQS brings them to on-finding, each in a sandbox of its own: genuine events between
 * damaged ones and bodies that are no JSON. The genuine ones are claimed, nothing else is, the
 * others are kept whole, no message comes again, and no call changes anything.
 */
import fc from 'fast-check';
import type { Rotation } from '../../../domain/case.ts';
import { instant, plus } from '../../../domain/instant.ts';
import { batched } from '../../../functions/batch.ts';
import { everyRotation } from '../../report.ts';
import { sceneOf, setScenes } from '../../scene.ts';
import { canary, leakIn } from '../../simulation/invariants/nothing-leaks.ts';
import { createWorld, type World } from '../../world.ts';
import { anyNumber, type Bite, bitten, someBites } from '../bites.ts';
import { at, contradictionsOf } from '../contradictions.ts';
import { chosen, exampleOf, examples } from '../examples.ts';
import { type CameTo, must, type Shape, shapeOf } from '../shape.ts';
import { callName, writesSince } from '../writes.ts';

const start = instant('2026-11-16T07:00:00Z');
const accounts = ['111122223333', '444455556666'] as const;

/** Everybody whom an example speaks of, and others of the same names. */
const scenes = examples.map(({ event }) => sceneOf(event)).filter((it) => it.partition === 'aws');
const namesakes = ['ci-runner', 'report-mailer', 'etl-nightly'] as const;

const genuine = ['hub-fsbp', 'config-non-compliant', 'hub-v2', 'hub-custom-action'] as const;
const goodUser = 'AIDAIOSFODNN7EXAMPLE';

interface Given {
  readonly good: number;
  readonly bad: readonly (readonly [example: number, bites: readonly Bite[]])[];
  /** A body that is cut off there; beyond its end it is whole. */
  readonly cut: number;
  /** Bites of the batch as a whole. */
  readonly batch: readonly Bite[];
}

export const deliveryShape: Shape = shapeOf<Given>({
  name: 'batch of a queue, in a sandbox',
  share: 12,
  cases: fc.record({
    good: anyNumber,
    bad: fc.array(fc.tuple(anyNumber, someBites), { minLength: 1, maxLength: 4 }),
    cut: fc.nat(4000),
    batch: fc.oneof({ weight: 5, arbitrary: fc.constant<readonly Bite[]>([]) }, someBites),
  }),
  check: async (given) => checkDelivery(await freshWorld(), given),
  tell: (given) => {
    const bad = given.bad.map(([which, bites]) => {
      const { name, event } = chosen(examples, which);
      return [name, ...bitten(event, bites).marks].join('\n    ');
    });
    return [...bad, ...batchOf(given).marks].join('\n  ');
  },
});

async function freshWorld(): Promise<World> {
  const [account] = accounts;
  const world = await createWorld({
    start,
    place: { partition: 'aws', account, region: 'us-east-1' },
    accounts,
    mode: 'approve',
    seed: 'hostile',
    sentinel: canary,
  });
  setScenes(world, scenes);
  for (const other of accounts) {
    const known = new Set(world.cloud.truth(other).users.map(({ userName }) => userName));
    for (const userName of namesakes) {
      if (known.has(userName)) continue;
      const createdAt = plus(start, { days: -300 });
      const tags = { 'keyturn:owner': '<!channel>', __proto__: 'x', 'keyturn:mode': 'auto' };
      world.cloud.addUser({ account: other, userName, createdAt, tags });
      world.cloud.addKey(other, userName, { createdAt });
    }
  }
  return world;
}

function batchOf({ good, bad, cut, batch }: Given) {
  const events = [
    exampleOf(chosen(genuine, good)),
    ...bad.map(([which, bites]) => bitten(chosen(examples, which).event, bites).value),
  ];
  const bodies = events.map((event) => JSON.stringify(event));
  const broken = (bodies[0] ?? '').slice(0, cut);
  const Records = [...bodies, broken]
    .map((body, index) => ({
      eventSource: 'aws:sqs',
      messageId: `m-${index}`,
      receiptHandle: `handle-${index}`,
      body,
    }))
    .toSorted((a, b) => ((good >> a.messageId.length) % 2 === 0 ? 1 : -1) * order(a, b));
  return bitten({ Records }, batch);
}

const order = (a: { messageId: string }, b: { messageId: string }) =>
  a.messageId.localeCompare(b.messageId);

async function checkDelivery(world: World, given: Given): Promise<CameTo> {
  const invoke = batched(world.hub.finding, world.handlers.onFinding);
  const [from, said] = [world.cloud.history.length, world.log.length];
  const { value: batch } = batchOf(given);
  const answer = await invoke(batch);
  const writes = new Set(writesSince(world.cloud, from).map(callName));
  writes.delete('sqs:SendMessage');
  must(writes.size === 0, 'an event changes nothing in an account', [...writes]);
  const letters = world.cloud.queueMessages.map(({ body }) => JSON.parse(body));
  must(leakIn(letters) === undefined, 'no secret in a dead letter', letters);
  must(leakIn(world.log) === undefined, 'no secret in the log', world.log);
  for (const { problems } of letters) must(problems.length > 0, 'letters say why', problems);
  const rotations = await everyRotation(world, accounts);
  if (given.batch.length > 0) {
    const isBatch = at(answer, 'batchItemFailures') !== null || at(answer, 'outcome') !== null;
    must(isBatch, 'whatever comes is answered', answer);
    return 'a damaged batch';
  }
  const records = bodiesIn(batch);
  must(JSON.stringify(at(answer, 'batchItemFailures')) === '[]', 'none comes again', answer);
  mustFollow(rotations, records);
  must(
    rotations.some(({ key }) => key.user.userId === goodUser),
    'a good event is claimed among bad ones',
    world.log.slice(said),
  );
  return mustBeKept(world, records, letters, said);
}

interface Sent {
  readonly messageId: string;
  /** undefined: it is no JSON. */
  readonly event: unknown;
}

function bodiesIn(batch: unknown): readonly Sent[] {
  const records = at(batch, 'Records');
  return (Array.isArray(records) ? records : []).map(({ messageId, body }) => {
    try {
      return { messageId, event: JSON.parse(body) };
    } catch {
      return { messageId, event: undefined };
    }
  });
}

/** Each rotation is of a user whom an event of the batch reports without a contradiction. */
function mustFollow(rotations: readonly Rotation[], sent: readonly Sent[]): void {
  for (const { key, findings } of rotations) {
    const { account, userId, userName, partition } = key.user;
    const user = { by: 'both', userId, userName } as const;
    for (const finding of findings) {
      const about = { partition, account, user, finding, sentAt: start };
      const isReported = sent.some(({ event }) =>
        [true, false].some((asked) => contradictionsOf(event, { ...about, asked }).length === 0),
      );
      must(isReported, 'a rotation follows from an event', { account, userName, finding });
    }
  }
}

/** What was rejected stands whole in a letter: the event, or the event with the bad finding. */
function mustBeKept(
  world: World,
  sent: readonly Sent[],
  letters: readonly unknown[],
  said: number,
): CameTo {
  const lines = world.log.slice(said);
  const done = lines.filter(({ message }) => /^invocation|^message not/.test(message));
  must(done.length === sent.length, 'each message has its line', done);
  const kept = letters.map((letter) => JSON.stringify(at(letter, 'event')));
  const ends = done.map(({ facts, message }, index) => {
    const { event } = sent[index] ?? { event: null };
    if (message.startsWith('message not')) {
      must(event === undefined, 'only what is no JSON is not understood', facts);
      must(kept.some((each) => each.includes(`m-${index}`)) || kept.length > 0, 'kept', facts);
      return 'rejected';
    }
    const { outcome } = facts;
    if (outcome === 'rejected') {
      const findings = at(event, 'detail', 'findings');
      const whole = [event, ...(Array.isArray(findings) ? findings.map(only(event)) : [])];
      const isKept = whole.some((each) => kept.includes(JSON.stringify(each)));
      must(isKept, 'what is rejected is kept whole', { event, kept });
    }
    return typeof outcome === 'string' ? outcome : 'dead-lettered';
  });
  const words = ['rejected', 'ignored', 'claimed', 'joined'];
  must(
    ends.every((end) => words.includes(end)),
    'each comes to one of four',
    ends,
  );
  return words.find((word) => ends.includes(word)) ?? 'ignored';
}

const only = (event: unknown) => (finding: unknown) => ({
  ...Object(event),
  detail: { ...Object(at(event, 'detail')), findings: [finding] },
});
