/**
 * Runs as SSM shows them to whoever asks, damaged, through the whole adapter: parameters that
 * anybody who may start automations can write, statuses and outputs of any kind. And facts with
 * hostile text through the adapter that publishes them on the topic.
 */
import fc from 'fast-check';
import { snsAnnouncer } from '../../../adapters/sns-announcer.ts';
import { ssmRunbooks } from '../../../adapters/ssm-runbooks.ts';
import { Permanent, Transient } from '../../../domain/errors.ts';
import { instant } from '../../../domain/instant.ts';
import { createCloud } from '../../account/cloud.ts';
import { virtualClock } from '../../clock.ts';
import { anyNumber, type Bite, bitten, someBites } from '../bites.ts';
import { chosen } from '../examples.ts';
import { injections } from '../hostile-texts.ts';
import { withOutside } from '../outside-texts.ts';
import { playedRotations } from '../played-rotations.ts';
import { must, type Shape, shapeOf } from '../shape.ts';

const place = { partition: 'aws', account: '111122223333', region: 'us-east-1' } as const;
const now = instant('2026-11-06T12:00:00Z');

/** What SSM answers in the case at hand. */
let shown: unknown;

const cloud = createCloud({ clock: virtualClock(now), partition: place.partition, seed: 'far' });
cloud.register('ssm', { GetAutomationExecution: () => ({ AutomationExecution: shown }) });
cloud.createRole(place.account, 'reader');
const topicArn = cloud.addTopic({ ...place, name: 'keyturn' });
const connection = cloud.connection({
  region: place.region,
  credentials: cloud.roleCredentials(place.account, 'reader', 'reader'),
});

const runbooks = ssmRunbooks({
  launching: () => connection,
  reading: () => connection,
  documentPrefix: 'Keyturn',
  custodianFunction: 'keyturn-custodian',
  witnessFunction: 'keyturn-witness',
});

const executionId = '4105a4fc-9d32-41e6-8a1b-0a1b2c3d4951';
const rotationId = '7f9c24e8-3b1a-5c4e-9f6d-2a8b1c0d3e4f';

const run = {
  AutomationExecutionId: executionId,
  DocumentName: 'Keyturn-DeactivateKey',
  AutomationExecutionStatus: 'Success',
  Parameters: {
    RotationId: [rotationId],
    EffectId: [`${rotationId}/4/0`],
    WitnessFunction: ['keyturn-witness'],
    UserName: ['svc-billing'],
    OldKeyId: ['AKIAIOSFODNN7EXAMPLE'],
  },
  Outputs: {
    'examine.Verdict': ['safe'],
    'verify.OldKeyStatus': ['Inactive'],
    'verify.At': ['2026-11-04T11:05:00.000Z'],
  },
};

export const shownRunShape: Shape = shapeOf<readonly Bite[]>({
  name: 'run as SSM shows it',
  share: 25,
  cases: someBites,
  check: async (bites) => {
    shown = bitten(run, bites).value;
    try {
      const report = await runbooks.read(place, executionId);
      if (report === undefined) return 'ignored';
      const { rotationId: rotation, effectId, parameters = {}, state } = report;
      for (const text of [rotation, effectId, ...Object.values(parameters)]) {
        must(text === undefined || typeof text === 'string', 'what identifies a run: texts', text);
      }
      if (!state.ended) return 'still going';
      return state.result.status === 'failed' ? 'rejected' : state.result.status;
    } catch (error) {
      if (error instanceof Permanent || error instanceof Transient) return 'rejected';
      throw error;
    }
  },
  tell: (bites) => bitten(run, bites).marks.join('\n  '),
});

export const publishedShape: Shape = shapeOf<readonly [number, number]>({
  name: 'what is published',
  share: 10,
  cases: fc.tuple(anyNumber, anyNumber),
  check: async ([which, text]) => {
    const odd = chosen(injections, text);
    const rotation = withOutside(chosen(await playedRotations(), which), (given) => odd + given);
    const count = cloud.published.length;
    const fact = { effectId: `${rotation.id}/1/0`, rotation, news: odd, at: now };
    await snsAnnouncer(connection, topicArn).announce(fact);
    const { subject = '', message = '' } = cloud.published[count] ?? {};
    must(/^[!-~][ -~]{0,98}$/.test(subject), 'a subject is short, plain and one line', subject);
    must(!/[\p{Cc}\p{Cs}\uFFFE\uFFFF]/u.test(message), 'SNS takes the message', message);
    must(JSON.parse(message).userName === rotation.key.user.userName, 'it says who', message);
    return rotation.stage.name;
  },
  tell: ([which, text]) => `rotation ${which}: ${JSON.stringify(chosen(injections, text))}`,
});
