/**
 * The custodian: beside the keys, the only one that may create them. A runbook, or Secrets Manager
 * itself, calls it once per step of a rotation. Everybody who may read a run reads what it answers,
 * and what it throws: key id, secret ARN and version id, never a value.
 */
import type { Custodian } from '../app/custody/deps.ts';
import { performNativeStep, performStep } from '../app/custody.ts';
import type { CustodyStep } from '../domain/custody.ts';
import { Permanent } from '../domain/errors.ts';
import { joinedPlaces } from '../domain/examination-fields.ts';
import { parseOrder } from './custodian-payload.ts';

/** Runbooks know no null: what does not exist is `none`. */
export interface CustodianAnswer {
  readonly Step: CustodyStep;
  readonly NewKeyId: string;
  readonly SecretArn: string;
  readonly SecretVersionId: string;
  readonly CurrentSince: string;
  /** Comma-joined. */
  readonly TestRequestIds: string;
  readonly Issued: 'true' | 'false';
  /** Further places that have the new key, comma-joined. */
  readonly WrittenTo: string;
}

/**
 * The handler. Throws Permanent on a payload that it does not understand, naming every problem, and
 * what performStep throws.
 */
export function custodianHandler(deps: Custodian): (payload: unknown) => Promise<CustodianAnswer> {
  return async (payload) => {
    const asked = parseOrder(payload);
    if (!asked.ok) {
      throw new Permanent(
        'the custodian was asked in terms it refuses, and touched nothing: ' +
          asked.problems.join('; '),
      );
    }
    const { step } = asked.value;
    const custody =
      asked.value.from === 'keyturn'
        ? await performStep(deps, step, asked.value.order)
        : await performNativeStep(deps, asked.value.step, asked.value.order);
    const { testRequestIds, writtenTo } = custody;
    return {
      Step: step,
      NewKeyId: custody.newKeyId ?? 'none',
      SecretArn: custody.secretArn ?? 'none',
      SecretVersionId: custody.secretVersionId ?? 'none',
      CurrentSince: custody.currentSince ?? 'none',
      TestRequestIds: testRequestIds.length === 0 ? 'none' : testRequestIds.join(','),
      Issued: custody.issued ? 'true' : 'false',
      WrittenTo: joinedPlaces(writtenTo),
    };
  };
}
