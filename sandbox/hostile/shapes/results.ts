/**
 * What comes back from beside the keys, damaged: outputs of runs as SSM shows them, evidence as the
 * witness answers it. Only what was verified is a success; anything odd is a failure that says so.
 */
import fc from 'fast-check';
import { parseEvidenceAnswer } from '../../../adapters/evidence-json.ts';
import { type EndedRun, runResult } from '../../../adapters/run-result.ts';
import { instant, plus } from '../../../domain/instant.ts';
import { anyNumber, type Bite, bitten, someBites } from '../bites.ts';
import { at } from '../contradictions.ts';
import { chosen } from '../examples.ts';
import { type CameTo, must, type Shape, shapeOf } from '../shape.ts';

const arn = 'arn:aws:secretsmanager:us-east-1:111122223333:secret:keyturn/svc-billing-AbCdEf';
const version = '0b6f1d9e-7a52-5d0c-8e4b-93f2c1a07d65';
const issuedBy = (step: string) => ({
  [`${step}.NewKeyId`]: ['AKIAI44QH8DHBEXAMPLE'],
  [`${step}.SecretArn`]: [arn],
  [`${step}.SecretVersionId`]: [version],
  [`${step}.CurrentSince`]: ['2026-11-02T11:00:00.000Z'],
  [`${step}.Issued`]: ['true'],
  [`${step}.TestRequestIds`]: ['c6104cbe-af31-41e0-b34d-98d5f7a5d0cc'],
});
const verified = (status: string) => ({
  'verify.OldKeyStatus': [status],
  'verify.At': ['2026-11-04T11:05:00.000Z'],
});
const examined = (verdict: string) => ({
  'examine.Verdict': [verdict],
  'examine.Reason': ['The old key is in use: S3 in eu-west-1 from 203.0.113.7.'],
});

const ended = { status: 'Success', failureMessage: undefined } as const;

const runs: readonly EndedRun[] = [
  { ...ended, runbook: 'issue-replacement-key', outputs: issuedBy('finishSecret') },
  {
    runbook: 'issue-replacement-key',
    status: 'Failed',
    outputs: issuedBy('undo'),
    failureMessage: 'Step fails: {"errorType":"Permanent","errorMessage":"no room for a key"}',
  },
  {
    ...ended,
    runbook: 'deactivate-key',
    outputs: { ...examined('safe'), ...verified('Inactive') },
  },
  { ...ended, runbook: 'deactivate-key', outputs: examined('in use') },
  ...['in use', 'unknown', 'none'].map((verdict) => ({
    ...ended,
    runbook: 'deactivate-key' as const,
    outputs: { ...examined(verdict), ...verified('Inactive') },
  })),
  { ...ended, runbook: 'delete-key', outputs: { ...examined('safe'), ...verified('Gone') } },
  { ...ended, runbook: 'restore-key', outputs: verified('Active') },
];

type Given = readonly [number, readonly Bite[]];
const cases: fc.Arbitrary<Given> = fc.tuple(anyNumber, someBites);

/** The run as it was started, with what SSM shows of it damaged. */
function runOf([which, bites]: Given) {
  const { runbook, ...shown } = chosen(runs, which);
  const { value, marks } = bitten(shown, bites);
  const outputs = at(value, 'outputs') ?? {};
  const damaged = typeof value === 'object' ? { ...shown, ...value, outputs } : shown;
  // As the SDK hands it on: types are promised by the service, and not looked at.
  return { run: { runbook, ...damaged } as EndedRun, marks };
}

export const runShape: Shape = shapeOf<Given>({
  name: 'outputs of a run',
  share: 90,
  cases,
  check: (given) => checkRun(runOf(given).run),
  tell: (given) => runOf(given).marks.join('\n  '),
});

function checkRun(run: EndedRun): CameTo {
  const result = runResult(run);
  const said = (name: string) => at(run.outputs, name, 0);
  const succeeded = ['Success', 'CompletedWithSuccess'].includes(run.status);
  switch (result.status) {
    case 'issued': {
      must(run.runbook === 'issue-replacement-key', 'a run is what was ordered', run);
      const { newKeyId, secretArn, secretVersionId } = result.issued;
      const step = ['finishSecret', 'undo'].find((each) => said(`${each}.Issued`) === 'true');
      must(step !== undefined, 'issued only if the custodian said so', run);
      must(/^AKIA[A-Z0-9]+$/.test(newKeyId), 'a new key has an id', result);
      must(/^arn:aws[a-z-]*:(secretsmanager|ssm):/.test(secretArn), 'a secret: ARN', result);
      must(/^[\w-]{32,64}$/.test(secretVersionId), 'a version has an id', result);
      return 'issued';
    }
    case 'deactivated':
    case 'deleted':
    case 'restored': {
      const status = { deactivated: 'Inactive', deleted: 'Gone', restored: 'Active' };
      must(succeeded, 'done only if the run succeeded', run);
      must(said('verify.OldKeyStatus') === status[result.status], 'done: as verified', run);
      const needsVerdict = result.status !== 'restored';
      must(!needsVerdict || said('examine.Verdict') === 'safe', 'done only if safe', run);
      return 'done';
    }
    case 'refused':
    case 'failed':
      must(result.problem !== '' && result.problem.length <= 2500, 'short', result.problem);
      must(!/[\p{Cc}\p{Cs}\u202A-\u202E\u2066-\u2069]/u.test(result.problem), 'one line', result);
      return result.status === 'failed' ? 'rejected' : 'refused';
  }
}

const moment = '2026-11-04T11:00:00.000Z';
const use = {
  at: '2026-11-04T10:00:00.000Z',
  service: 'S3',
  region: 'eu-west-1',
  sourceIp: '203.0.113.7',
  userAgent: 'aws-cli/2.15',
  source: 'cloudtrail',
};
const observed = {
  at: moment,
  oldKey: 'Active',
  userGone: false,
  uses: [use],
  pickup: { seen: true, at: moment, by: use },
  regionsAsked: 17,
  quietHours: 24,
  quietAt: moment,
};
const answers = [
  { Verdict: 'safe', Evidence: { verdict: 'safe', basis: 'evidence', ...observed } },
  { Verdict: 'in use', Evidence: { verdict: 'in use', ...observed } },
  {
    Verdict: 'unknown',
    Evidence: {
      verdict: 'unknown',
      gaps: [{ about: 'cloudtrail', problem: 'it was cut off' }],
      ...observed,
    },
  },
] as const;

export const evidenceShape: Shape = shapeOf<Given>({
  name: 'answer of the witness',
  share: 50,
  cases,
  check: ([which, bites]) => checkAnswer(bitten(chosen(answers, which), bites).value),
  tell: ([which, bites]) => bitten(chosen(answers, which), bites).marks.join('\n  '),
});

const someDay = instant(moment);

function checkAnswer(answer: unknown): CameTo {
  const evidence = parseEvidenceAnswer(answer);
  if (!evidence.ok) {
    must(evidence.problems.length > 0, 'what is refused has problems', evidence);
    for (const problem of evidence.problems) {
      must(/^[\w.]+: \S/.test(problem) && problem.length < 300, 'says where, in short', problem);
    }
    return 'rejected';
  }
  const { value } = evidence;
  must(at(answer, 'Verdict') === value.verdict, 'the verdict is as said', value);
  must(at(answer, 'Evidence', 'verdict') === value.verdict, 'the verdict is as said', value);
  // What decide() does with it: wait for so long.
  must(plus(someDay, { hours: value.quietHours }) >= someDay, 'quiet is a time', value);
  return `it is ${value.verdict}`;
}
