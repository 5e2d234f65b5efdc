/**
 * The custodian and the witness as deployed in a sandbox account, each case in a fresh one, asked
 * with damaged payloads: no key for anybody but the user who is named consistently, no key gone, no
 * secret said, and the witness changes nothing and never finds a key in use safe to switch off.
 */
import fc from 'fast-check';
import { Conflict, Permanent, Transient } from '../../../domain/errors.ts';
import { instant, plus } from '../../../domain/instant.ts';
import type { FunctionHandler } from '../../account/lambda.ts';
import { names } from '../../settings.ts';
import { canary, leakIn } from '../../simulation/invariants/nothing-leaks.ts';
import { createWorld, type World } from '../../world.ts';
import { anyNumber, type Bite, bitten, someBites } from '../bites.ts';
import { at } from '../contradictions.ts';
import { chosen } from '../examples.ts';
import { must, type Shape, shapeOf } from '../shape.ts';
import { callName, writesSince } from '../writes.ts';
import { orders, questions } from './payloads.ts';

const start = instant('2026-11-06T12:00:00Z');
const account = '111122223333';

/** The user asked about, and one whom a payload may come to name. */
const staff = [
  ['svc-billing', 'AIDACKCEVSQ6C2EXAMPLE', 'AKIAIOSFODNN7EXAMPLE'],
  ['etl-nightly', 'AIDAJQABLZS4A3EXAMPLE', 'AKIAJSIE27KKMHXEXAMPLE'],
] as const;

interface Beside {
  readonly world: World;
  readonly ask: (name: string, payload: unknown) => Promise<unknown>;
}

async function freshAccount(): Promise<Beside> {
  const functions = new Map<string, FunctionHandler>();
  const world = await createWorld({
    start,
    place: { partition: 'aws', account, region: 'us-east-1' },
    accounts: [account],
    mode: 'approve',
    seed: 'hostile',
    sentinel: canary,
    interposed: {
      beside: (name, handler) => {
        functions.set(name, handler);
        return handler;
      },
    },
  });
  for (const [userName, userId, keyId] of staff) {
    const createdAt = plus(start, { days: -300 });
    world.cloud.addUser({ account, userName, userId, createdAt });
    world.cloud.addKey(account, userName, { createdAt, keyId });
    world.cloud.recordPastUse(keyId, {
      at: plus(start, { hours: -5 }),
      service: 's3',
      region: 'us-east-1',
      sourceIp: '203.0.113.7',
      userAgent: '<!channel>\u202E\u001b[31m',
      eventName: 'ListBuckets',
    });
  }
  const ask: Beside['ask'] = async (name, payload) => functions.get(name)?.(payload);
  return { world, ask };
}

/** The fields that name somebody. */
const naming = ['UserName', 'UserId', 'OldKeyId', 'SecretId'] as const;

/** A payload, in which some of the fields that name somebody name the other user, and bites. */
type Given = readonly [which: number, bites: readonly Bite[], others: number];
const cases: fc.Arbitrary<Given> = fc.tuple(
  anyNumber,
  fc.oneof(fc.constant<readonly Bite[]>([]), someBites),
  fc.noBias(fc.nat(2 ** naming.length - 1)),
);

function payloadOf(from: readonly object[], [which, bites, others]: Given) {
  const whole = chosen(from, which);
  const [, [userName, userId, keyId]] = staff;
  const SecretId = `keyturn/${userName}`;
  const other = { UserName: userName, UserId: userId, OldKeyId: keyId, SecretId };
  const swapped = naming.filter((name, bit) => name in whole && ((others >> bit) & 1) === 1);
  const changes = swapped.map((name) => [name, other[name]]);
  const { value, marks } = bitten({ ...whole, ...Object.fromEntries(changes) }, bites);
  return { payload: value, marks: [`of ${staff[1][0]}: ${swapped.join(', ')}`, ...marks] };
}

type Answer = { readonly said: unknown } | { readonly thrown: unknown };

async function answered({ ask }: Beside, name: string, payload: unknown): Promise<Answer> {
  try {
    return { said: await ask(name, payload) };
  } catch (thrown) {
    return { thrown };
  }
}

/** An expected no, or an answer; neither says a secret. */
function mustBeExpected(answer: Answer, world: World): void {
  must(leakIn(world.log) === undefined, 'no secret is logged', world.log);
  if ('said' in answer) {
    must(leakIn(answer.said) === undefined, 'no secret is answered', answer.said);
    return;
  }
  const { thrown } = answer;
  const kinds = [Permanent, Transient, Conflict];
  if (!kinds.some((kind) => thrown instanceof kind)) throw thrown;
  const { message } = thrown as Error;
  must(leakIn(message) === undefined, 'no secret is thrown', message);
  must(message.length < 4000, 'an error is short', message);
}

export const custodianShape: Shape = shapeOf<Given>({
  name: 'custodian, in a sandbox',
  share: 16,
  cases,
  check: async (given) => {
    const beside = await freshAccount();
    const { cloud } = beside.world;
    const { payload } = payloadOf(orders, given);
    const from = cloud.history.length;
    const before = cloud.truth(account).keys.length;
    const answer = await answered(beside, names.custodian, payload);
    mustBeExpected(answer, beside.world);
    const writes = writesSince(cloud, from);
    const { keys, secrets } = cloud.truth(account);
    for (const [userName, , keyId] of staff) {
      const old = keys.find((each) => each.keyId === keyId);
      must(old?.status === 'Active' && old.deletedAt === null, `S1: the key of ${userName}`, old);
    }
    if (keys.length > before) mustBeWhoIsNamed(payload);
    must(keys.length <= before + 1, 'one call makes one key', keys.length);
    const said = at(payload, 'SecretId');
    const named = typeof said === 'string' ? said : '';
    for (const { name } of secrets) {
      must(!name.startsWith('keyturn/') || named.includes(name), 'only its secret', name);
    }
    if ('thrown' in answer) return writes.length === 0 ? 'rejected' : 'failed and undone';
    return 'done';
  },
  tell: (given) => payloadOf(orders, given).marks.join('\n  '),
});

/** Name, unique id, key and secret are all of one user. */
function mustBeWhoIsNamed(payload: unknown): void {
  const said = (name: string) => at(payload, name);
  const isOne = staff.some(
    ([userName, userId, keyId]) =>
      said('UserName') === userName &&
      said('UserId') === userId &&
      said('OldKeyId') === keyId &&
      said('SecretId') === `keyturn/${userName}`,
  );
  must(isOne, 'S10: a key is made for the user that all of the order names', payload);
}

export const witnessShape: Shape = shapeOf<Given>({
  name: 'witness, in a sandbox',
  share: 8,
  cases,
  check: async (given) => {
    const beside = await freshAccount();
    const { payload } = payloadOf(questions, given);
    const from = beside.world.cloud.history.length;
    const answer = await answered(beside, names.witness, payload);
    mustBeExpected(answer, beside.world);
    const writes = writesSince(beside.world.cloud, from).map(callName);
    must(writes.length === 0, 'the witness changes nothing', writes);
    if ('thrown' in answer) return 'rejected';
    const verdict = at(answer.said, 'Verdict');
    const isForced = at(payload, 'AuthorityKind') === 'forced';
    must(verdict !== 'safe' || isForced, 'a key in use is not safe', answer.said);
    return typeof verdict === 'string' ? `it is ${verdict}` : 'confirmed';
  },
  tell: (given) => payloadOf(questions, given).marks.join('\n  '),
});
