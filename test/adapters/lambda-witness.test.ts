/** Asking the witness through Lambda: only a whole, consistent answer is one. */
import { describe, expect, it } from 'vitest';
import { lambdaWitness } from '../../adapters/lambda-witness.ts';
import { Permanent, Transient } from '../../domain/errors.ts';
import type { Evidence } from '../../domain/evidence.ts';
import { witnessHandler } from '../../functions/witness.ts';
import { virtualClock } from '../../sandbox/clock.ts';
import { examination, now, sourcesTelling, type Told, user } from '../app/witnessed.ts';
import { cannedAws, throttled } from './canned-aws.ts';

const place = { partition: 'aws', account: user.account, region: 'eu-west-1' } as const;
const bytes = (value: unknown) => new TextEncoder().encode(JSON.stringify(value));

function witnessAnswering(invoke: (input: { Payload: Uint8Array }) => unknown) {
  const aws = cannedAws({ Invoke: invoke });
  return { aws, witness: lambdaWitness(() => aws.connection, 'keyturn-witness') };
}

function realWitness(told: Told = {}) {
  const home = { partition: 'aws', account: user.account } as const;
  const ask = witnessHandler({ sources: sourcesTelling(told), clock: virtualClock(now), home });
  return witnessAnswering(async ({ Payload }) => ({
    StatusCode: 200,
    Payload: bytes(await ask(JSON.parse(new TextDecoder().decode(Payload)))),
  }));
}

describe('asking the witness function', () => {
  it('passes the examination and returns the evidence, whole', async () => {
    const { witness, aws } = realWitness();
    const evidence = await witness.examine(place, examination);
    expect(evidence).toMatchObject({ verdict: 'safe', basis: 'evidence', at: now });
    expect(evidence.uses).toHaveLength(1);
    expect(aws.calls).toMatchObject([
      { input: { FunctionName: 'keyturn-witness', InvocationType: 'RequestResponse' } },
    ]);
  });

  it('returns evidence of use and of gaps as it is', async () => {
    const gap = { complete: false, problem: 'throttled' } as const;
    const { witness } = realWitness({ oldTrail: gap });
    const evidence: Evidence = await witness.examine(place, examination);
    expect(evidence).toMatchObject({
      verdict: 'unknown',
      gaps: [{ about: 'cloudtrail', problem: 'throttled' }],
    });
  });

  it('refuses to ask in another account', async () => {
    const { witness, aws } = realWitness();
    const elsewhere = { ...place, account: '444455556666' };
    await expect(witness.examine(elsewhere, examination)).rejects.toThrow(Permanent);
    expect(aws.calls).toEqual([]);
  });
});

describe('an answer of the witness that is none', () => {
  const safe = { verdict: 'safe', basis: 'evidence' };
  it.each([
    ['a throttle', () => Promise.reject(throttled()), Transient],
    ['a crash', () => ({ FunctionError: 'Unhandled', Payload: bytes({}) }), Transient],
    [
      'a crash that shows a safe verdict',
      () => ({ FunctionError: 'Unhandled', Payload: bytes({ Verdict: 'safe', Evidence: safe }) }),
      Transient,
    ],
    [
      'a refusal',
      () => ({ FunctionError: 'Unhandled', Payload: bytes({ errorType: 'Permanent' }) }),
      Permanent,
    ],
    ['no payload', () => ({}), Permanent],
    ['no JSON', () => ({ Payload: new TextEncoder().encode('safe') }), Permanent],
    ['a bare verdict', () => ({ Payload: bytes({ Verdict: 'safe' }) }), Permanent],
    ['half of it', () => ({ Payload: bytes({ Verdict: 'safe', Evidence: safe }) }), Permanent],
  ] as const)('%s throws', async (_what, answer, kind) => {
    const { witness } = witnessAnswering(answer);
    await expect(witness.examine(place, examination)).rejects.toThrow(kind);
  });

  it('contradicts itself', async () => {
    const { witness: honest } = realWitness();
    const evidence = await honest.examine(place, examination);
    const { witness } = witnessAnswering(() => ({
      Payload: bytes({ Verdict: 'unknown', Evidence: evidence }),
    }));
    await expect(witness.examine(place, examination)).rejects.toThrow(/contradict/);
  });
});
