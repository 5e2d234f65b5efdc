/** What the hub's account must bring before anything is deployed: findings, room, units. */

import type { AccountReads } from '../../domain/account-reads.ts';
import { needsUnits, type PolicyBook } from '../../domain/policy-book.ts';
import { type Diagnosis, judged, missing, ok, unknown } from './diagnosis.ts';

const control = 'IAM.3';

/** Findings have to come from somewhere: Config, Security Hub, or both. */
export async function findingChecks(
  reads: AccountReads,
  staleDays: number,
): Promise<readonly Diagnosis[]> {
  const [recorder, rules, standards, v2] = await Promise.all([
    reads.recorder(),
    reads.keyAgeRules(),
    reads.standards(),
    reads.securityHubV2(),
  ]);
  const hubOn = standards.read && standards.value !== null;
  const iam3 = hubOn ? await reads.control(control) : undefined;
  const ours = rules.read ? rules.value : [];
  const fromControl = iam3?.read === true && iam3.value;
  return [
    judged('AWS Config records', recorder, (facts) => recorderCheck(facts)),
    judged('a Config rule on old keys', rules, () => ruleCheck(ours, fromControl, staleDays)),
    judged('Security Hub', standards, (ready) => standardsCheck(ready, ours.length > 0)),
    ...(iam3 === undefined
      ? []
      : [judged(`control ${control}`, iam3, (on) => controlCheck(on, ours.length > 0))]),
    judged('Security Hub V2', v2, (on) =>
      ok(
        'Security Hub V2',
        on ? 'It is on: its findings are read too.' : 'It is off, which is fine.',
      ),
    ),
  ];
}

/**
 * A call writes the whole recording group, so what is recorded now goes through a file.
 * https://docs.aws.amazon.com/config/latest/APIReference/API_PutConfigurationRecorder.html (2026-11)
 */
const recordUsers =
  "aws configservice describe-configuration-recorders --query 'ConfigurationRecorders[0].{name: " +
  "name, roleARN: roleARN, recordingGroup: recordingGroup, recordingMode: recordingMode}' " +
  '--output json > recorder.json; add AWS::IAM::User to its resourceTypes (where allSupported is ' +
  'true: set includeGlobalResourceTypes to true); aws configservice put-configuration-recorder ' +
  '--configuration-recorder file://recorder.json';

function recorderCheck(facts: { recording: boolean; recordsUsers: boolean } | null): Diagnosis {
  const check = 'AWS Config records';
  const means = 'Security Hub evaluates no control without the recorder, so no finding may come.';
  if (facts === null) {
    const todo = 'Set AWS Config up: https://docs.aws.amazon.com/config/latest/developerguide/';
    return missing(check, { says: 'There is no configuration recorder.', means, todo });
  }
  if (!facts.recording) {
    const todo =
      'aws configservice start-configuration-recorder --configuration-recorder-name default';
    return missing(check, { says: 'The configuration recorder is stopped.', means, todo });
  }
  if (facts.recordsUsers) return ok(check, 'The recorder is on and records IAM users.');
  return missing(check, {
    says: 'The recorder is on, but does not record IAM users.',
    means: 'Security Hub sees no users in this Region, so that IAM.3 finds nothing.',
    todo: recordUsers,
  });
}

function ruleCheck(ours: readonly string[], fromControl: boolean, staleDays: number): Diagnosis {
  const check = 'a Config rule on old keys';
  if (ours.length > 0) return ok(check, `There is ${ours.join(', ')}.`);
  if (fromControl) return ok(check, `There is none of your own; Security Hub's ${control} is on.`);
  return missing(check, {
    says: `There is no rule access-keys-rotated in any form, and ${control} is not on.`,
    means: 'Nothing reports an old key, so that no rotation ever begins.',
    todo:
      'Enable IAM.3 in Security Hub, or: aws configservice put-config-rule --config-rule ' +
      '\'{"ConfigRuleName": "access-keys-rotated", "Source": {"Owner": "AWS", ' +
      '"SourceIdentifier": "ACCESS_KEYS_ROTATED"}, ' +
      `"InputParameters": "{\\"maxAccessKeyAge\\": \\"${staleDays}\\"}"}'`,
  });
}

function standardsCheck(ready: readonly string[] | null, ruled: boolean): Diagnosis {
  const check = 'Security Hub';
  if (ready !== null && ready.length > 0) {
    return ok(check, `It is on with ${ready.length} standard(s).`);
  }
  if (ready === null && ruled) {
    return ok(check, 'It is off. Findings come from AWS Config; results are written to nobody.');
  }
  return missing(check, {
    says: ready === null ? 'It is off.' : 'It is on, without any standard that is ready.',
    means: 'It reports no old key, and shows no result of a rotation.',
    todo: 'aws securityhub enable-security-hub --enable-default-standards',
  });
}

function controlCheck(on: boolean, ruled: boolean): Diagnosis {
  const check = `control ${control}`;
  if (on) return ok(check, 'It is enabled in this Region.');
  if (ruled) return ok(check, 'It is disabled; the Config rule reports old keys.');
  return missing(check, {
    says: 'It is disabled in this Region.',
    means: 'Security Hub does not look at the age of keys.',
    todo: 'Enable IAM.3 in one Region of the account: Security Hub, Controls, IAM.3',
  });
}

/** What Lambda may run at once: AWS gives new accounts 10, the default is 1,000. */
const leastConcurrency = 50;

/**
 * Of these AWS keeps so many unreserved. Staging and prod reserve one for the tick.
 * https://docs.aws.amazon.com/lambda/latest/dg/configuration-concurrency.html (2026-11)
 */
const leastUnreserved = 10;

function concurrencyCheck(most: number): Diagnosis {
  const check = 'Lambda at once';
  if (most >= leastConcurrency) return ok(check, `${most} executions.`);
  const more =
    'aws service-quotas request-service-quota-increase --service-code lambda ' +
    '--quota-code L-B99A9384 --desired-value 1000';
  const says = `${most} executions for all functions of the account together.`;
  const means = 'Handlers, custodian and witness wait for each other, and for your functions.';
  if (most > leastUnreserved) return missing(check, { says, means, todo: more });
  return missing(check, {
    says,
    means:
      `AWS leaves at least ${leastUnreserved} unreserved, so a stage that keeps one for the tick ` +
      `cannot be deployed: staging and prod fail. ${means}`,
    todo: `${more}; until it is granted, deploy with --param="reserveTick=no"`,
  });
}

export async function quotaChecks(reads: AccountReads): Promise<readonly Diagnosis[]> {
  const automation = 'Automation at once';
  return [
    judged('Lambda at once', await reads.lambdaConcurrency(), concurrencyCheck),
    judged(automation, await reads.adaptiveAutomation(), (adaptive) =>
      ok(
        automation,
        adaptive
          ? '100 runs, up to 500 when AWS has room; Keyturn takes 90 at most.'
          : '100 runs; Keyturn takes 90 at most.',
      ),
    ),
  ];
}

/** Only policies with rules for organizational units need to know where accounts are. */
export async function unitChecks(
  reads: AccountReads,
  book: PolicyBook,
  accounts: readonly string[],
): Promise<readonly Diagnosis[]> {
  if (!needsUnits(book)) return [];
  return Promise.all(
    accounts.map(async (account) => {
      const check = `units of ${account}`;
      const answer = await reads.unitsOf(account);
      if (!answer.read) return unknown(check, answer);
      if (answer.value !== null) return ok(check, answer.value.join(' in '));
      return missing(check, {
        says: 'AWS Organizations is not in use, and the policy has rules for units.',
        means: 'No policy can be told for any user: no key is claimed.',
        todo: 'Write rules for accounts instead of units, or deploy the hub into an organisation.',
      });
    }),
  );
}
