/**
 * What the functions beside the keys are asked, damaged: the custodian by its runbook or by Secrets
 * Manager, the witness by its runbooks. Read whole, or refused with every field that is wrong.
 */
import fc from 'fast-check';
import { cryptoIds } from '../../../adapters/crypto-ids.ts';
import { instant } from '../../../domain/instant.ts';
import { attemptName } from '../../../domain/runbook-order.ts';
import { parseOrder } from '../../../functions/custodian-payload.ts';
import { contradictionsIn, parseQuestion } from '../../../functions/witness-payload.ts';
import { anyNumber, type Bite, bitten, someBites } from '../bites.ts';
import { at } from '../contradictions.ts';
import { chosen } from '../examples.ts';
import { type CameTo, must, type Shape, shapeOf } from '../shape.ts';

const account = '111122223333';
const user = { UserName: 'svc-billing', UserId: 'AIDACKCEVSQ6C2EXAMPLE' };
const OldKeyId = 'AKIAIOSFODNN7EXAMPLE';
const token = '0b6f1d9e-7a52-5d0c-8e4b-93f2c1a07d65';

/** A credential for another account's secret, which nothing may repeat. */
const rotationToken = ['rotation', 'token', 'to', 'be', 'kept'].join('-');

const RotationId = '3f0c9a52-6b1d-5e4f-8a7b-2c9d0e1f2a3b';

const ofRunbook = {
  Step: 'createSecret',
  SecretId: 'keyturn/svc-billing',
  ClientRequestToken: cryptoIds.uuid(attemptName(RotationId, 1)),
  RotationId,
  Attempt: '1',
  ...user,
  OldKeyId,
  Vault: 'secrets-manager',
  HealthCheck: 'none',
  Copies: 'none',
};

const ofSecretsManager = {
  Step: 'finishSecret',
  SecretId: `arn:aws:secretsmanager:us-east-1:${account}:secret:keyturn/svc-billing-AbCdEf`,
  ClientRequestToken: token,
  RotationToken: rotationToken,
};

export const orders = [
  ofRunbook,
  { ...ofRunbook, Vault: 'parameter-store', Copies: 'eu-west-1,eu-central-1' },
  { ...ofRunbook, Copies: 'parameter-store:eu-west-1,github-actions:acme/web' },
  { ...ofRunbook, Step: 'undo' },
  ofSecretsManager,
] as const;

const examination = {
  Purpose: 'deactivate',
  ...user,
  OldKeyId,
  NewKeyId: 'AKIAI44QH8DHBEXAMPLE',
  SecretArn: `arn:aws:secretsmanager:us-east-1:${account}:secret:keyturn/svc-billing-AbCdEf`,
  SecretVersionId: token,
  CurrentSince: '2026-11-02T11:00:00.000Z',
  TestRequestIds: 'c6104cbe-af31-41e0-b34d-98d5f7a5d0cc,b25f48e8-84fd-4f2d-9b3e-51d9a1bc8a10',
  DeactivatedAt: 'none',
  ClearUntil: 'none',
  StatusBefore: 'none',
  NotBefore: '2026-11-04T11:00:00.000Z',
  AuthorityKind: 'evidence',
  AuthorityBy: 'none',
  AuthorityAt: 'none',
  Copies: 'none',
};

const off = {
  Purpose: 'delete',
  DeactivatedAt: '2026-11-04T11:05:00.000Z',
  ClearUntil: '2026-11-05T11:05:00.000Z',
};
const forced = { AuthorityKind: 'forced', AuthorityBy: 'Noor Admin', AuthorityAt: off.ClearUntil };
export const questions = [
  examination,
  { ...examination, ...off },
  { ...examination, ...off, ...forced },
  { Purpose: 'confirm', ...user, OldKeyId, Expected: 'Inactive' },
] as const;

/** Bites, or one field that is as good as empty while all others are as they should be. */
type Given = readonly [which: number, damage: readonly Bite[] | number];
const cases: fc.Arbitrary<Given> = fc.tuple(anyNumber, fc.oneof(someBites, anyNumber));

const blanks = ['', ' ', null, 'none', '\u200B'] as const;

function damaged(from: readonly object[], [which, damage]: Given) {
  const whole = chosen(from, which);
  if (typeof damage !== 'number') return bitten(whole, damage);
  const field = chosen(Object.keys(whole), damage);
  const blank = chosen(blanks, damage >> 8);
  return { value: { ...whole, [field]: blank }, marks: [`${field} is ${JSON.stringify(blank)}`] };
}

export const orderShape: Shape = shapeOf<Given>({
  name: 'order to the custodian',
  share: 90,
  cases,
  check: (given) => checkOrder(damaged(orders, given).value),
  tell: (given) => damaged(orders, given).marks.join('\n  '),
});

function checkOrder(payload: unknown): CameTo {
  const asked = parseOrder(payload);
  if (!asked.ok) {
    mustBeNamed(asked.problems);
    return 'rejected';
  }
  const said = (name: string) => at(payload, name);
  must(said('Step') === asked.value.step, 'the step is as asked', asked.value);
  if (asked.value.from === 'secrets-manager') {
    const { order } = asked.value;
    must(!['RotationId', 'UserName', 'OldKeyId'].some(said), 'two do not drive', payload);
    must(order.secretArn === said('SecretId'), 'the secret is the one asked for', order);
    must(/:secret:keyturn\/.+-[A-Za-z0-9]{6}$/.test(order.secretArn), 'it is ours', order);
    must(!JSON.stringify(asked).includes(rotationToken), 'a token is not passed on');
    return 'a native order';
  }
  const { order } = asked.value;
  must(said('RotationToken') === null, 'two do not drive one rotation', payload);
  must(order.userName === said('UserName') && order.userName.length > 0, 'S10', order);
  must(order.userId === said('UserId') && order.userId.startsWith('AIDA'), 'S10', order);
  must(order.oldKeyId === said('OldKeyId') && order.oldKeyId.startsWith('AKIA'), 'S10', order);
  must(order.secretName === said('SecretId'), 'the secret is the one asked for', order);
  must(order.secretName.startsWith('keyturn/'), 'the secret is one of ours', order);
  must(order.attempt >= 1 && order.attempt <= 99, 'attempts are counted', order);
  must(new Set(order.copies).size === order.copies.length, 'no copy is made twice', order);
  must(order.copies.every(isPlace), 'copies: places', order);
  return 'an order';
}

const inAws = /^(?:parameter-store:)?[a-z]+(-[a-z]+)+-\d+$/;
const onGitHub = /^github-actions:[\w-]+\/\w[\w.-]*(:\w+:\w+)?$/;
const isPlace = (text: string) => inAws.test(text) || onGitHub.test(text);

export const questionShape: Shape = shapeOf<Given>({
  name: 'question to the witness',
  share: 90,
  cases,
  check: (given) => checkQuestion(damaged(questions, given).value),
  tell: (given) => damaged(questions, given).marks.join('\n  '),
});

const now = instant('2026-11-06T12:00:00Z');

function checkQuestion(payload: unknown): CameTo {
  const asked = parseQuestion(payload, { partition: 'aws', account });
  if (!asked.ok) {
    mustBeNamed(asked.problems);
    return 'rejected';
  }
  const question = asked.value;
  const said = (name: string) => at(payload, name);
  must(said('Purpose') === question.purpose, 'the purpose is as asked', question);
  must(said('OldKeyId') === question.oldKeyId, 'the key is the one asked for', question);
  if (question.purpose === 'confirm') {
    must(said('Expected') === question.expected, 'what is expected is as asked', question);
    must(said('UserName') === question.userName, 'the user is the one asked for', question);
    return 'a confirmation';
  }
  must(question.user.account === account, 'the account is the one of the witness', question);
  must(said('UserName') === question.user.userName, 'the user is the one asked for', question);
  const { authority } = question;
  must(said('AuthorityKind') === authority.kind, 'force is never made up', question);
  must(authority.kind === 'evidence' || authority.by !== '', 'who forced it is known', question);
  const contradictions = contradictionsIn(question, now);
  if (contradictions.length > 0) {
    mustBeNamed(contradictions);
    return 'rejected';
  }
  const { deactivatedAt, issued, purpose } = question;
  must(purpose !== 'delete' || deactivatedAt !== null, 'deleted only once off', question);
  must(issued?.newKeyId !== question.oldKeyId, 'a key does not replace itself', question);
  return 'a question';
}

/** Each begins with what it is about, and none says a text that may be in the wrong field. */
function mustBeNamed(problems: readonly string[]): void {
  must(problems.length > 0, 'what is refused has problems', problems);
  for (const problem of problems) {
    must(
      /^(?:[A-Z][A-Za-z]+\b|the payload|payload)/.test(problem),
      'a problem says where',
      problem,
    );
    must(problem.length < 1000, 'a problem is short', problem);
    must(!problem.includes(rotationToken), 'no problem says the token', problem);
  }
}
