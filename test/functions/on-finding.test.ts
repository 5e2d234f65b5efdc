/** Every example event through the handler that Lambda invokes. */
import { describe, expect, it } from 'vitest';
import { Transient } from '../../domain/errors.ts';
import type { Partition } from '../../domain/key.ts';
import { onFindingHandler } from '../../functions/on-finding.ts';
import { company, employee, staff, usersOf } from '../app/company.ts';
import { changed, eventNames, eventOf } from '../fixtures/events.ts';

const farAway: Readonly<Record<string, Partition>> = {
  'config-govcloud': 'aws-us-gov',
  'hub-govcloud': 'aws-us-gov',
  'hub-v2-govcloud': 'aws-us-gov',
  'config-china': 'aws-cn',
};

const abroad = (partition: Partition) =>
  (['111122223333', '123456789012'] as const).flatMap((account) => [
    employee('gov-batch', 'AIDAGOVCLOUD0EXAMPLE', { AKIAGOV: 99 }, { partition, account }),
    employee('cn-batch', 'AIDACHINA0000EXAMPLE', { AKIACHINA: 99 }, { partition, account }),
  ]);

const companyFor = (name: string) => {
  const partition = farAway[name];
  return partition === undefined ? company() : company({ partition, people: abroad(partition) });
};

/** As a fresh company answers: the outcome, and the users whose keys are concerned. */
const expected: Readonly<Record<string, string>> = {
  'config-china': 'claimed cn-batch',
  'config-compliant': 'ignored',
  'config-conformance-pack-rule': 'claimed etl-nightly',
  'config-first-evaluation': 'claimed report-mailer',
  'config-govcloud': 'claimed gov-batch',
  'config-insufficient-data': 'ignored',
  'config-non-compliant': 'claimed ci-runner',
  'config-not-applicable': 'ignored',
  'config-organization-rule': 'claimed etl-nightly',
  'config-other-rule': 'ignored',
  'config-own-rule-of-similar-name': 'ignored',
  'config-proactive': 'ignored',
  'config-security-hub-rule': 'claimed etl-nightly',
  'config-unknown-user': 'ignored',
  'ec2-state-change': 'ignored',
  'hub-account-level': 'ignored',
  'hub-archived': 'ignored',
  'hub-cis-1.2.0-unique-id': 'claimed ci-runner',
  'hub-cis-1.4.0-path': 'claimed etl-nightly',
  'hub-cis-3.0.0-path': 'claimed etl-nightly',
  'hub-cis-5.0.0-1.14': 'ignored',
  'hub-cis-5.0.0-path': 'claimed etl-nightly',
  'hub-consolidated': 'claimed report-mailer',
  'hub-custom-action': 'claimed ci-runner',
  'hub-custom-action-several': 'claimed ci-runner report-mailer',
  'hub-delegated-administrator': 'claimed etl-nightly',
  'hub-fsbp': 'claimed ci-runner',
  'hub-govcloud': 'claimed gov-batch',
  'hub-nist': 'claimed ci-runner',
  'hub-one-bad-one-good': 'rejected ci-runner',
  'hub-other-control': 'ignored',
  'hub-other-control-by-custom-action': 'ignored',
  'hub-other-custom-action': 'ignored',
  'hub-other-product': 'ignored',
  'hub-own-update': 'ignored',
  'hub-passed': 'ignored',
  'hub-root': 'ignored',
  'hub-root-account-user': 'ignored',
  'hub-suppressed': 'ignored',
  'hub-two-findings': 'claimed ci-runner report-mailer',
  'hub-unused-credentials': 'ignored',
  'hub-v2': 'claimed ci-runner',
  'hub-v2-cis-5.0.0-path': 'claimed etl-nightly',
  'hub-v2-closed': 'ignored',
  'hub-v2-contradictory': 'rejected',
  'hub-v2-coverage': 'ignored',
  'hub-v2-delegated-administrator': 'claimed etl-nightly',
  'hub-v2-govcloud': 'claimed gov-batch',
  'hub-v2-other-control': 'ignored',
  'hub-v2-own-update': 'ignored',
  'hub-v2-passed': 'ignored',
  'hub-v2-root': 'ignored',
  'hub-v2-unused-credentials': 'ignored',
  'hub-v2-vulnerability': 'ignored',
  'malformed-config': 'rejected',
  'malformed-findings-not-a-list': 'rejected',
  'malformed-ssm-execution': 'rejected',
  'scheduled-tick': 'ignored',
  'secret-label-updated': 'ignored',
  'ssm-execution-success': 'ignored',
};

const wordsFor = async (deps: ReturnType<typeof company>, event: unknown) => {
  const received = await onFindingHandler(deps)(event);
  if (received.outcome === 'dead-lettered') return received.outcome;
  return [received.outcome, ...received.rotations.map(({ userName }) => userName)].join(' ');
};

describe('each example event', () => {
  it('has an expectation here', () => {
    expect(Object.keys(expected).sort()).toEqual(eventNames);
  });

  it.each(Object.entries(expected))('%s → %s', async (name, words) => {
    const deps = companyFor(name);
    expect(await wordsFor(deps, eventOf(name))).toBe(words);
    expect(deps.letters).toHaveLength(words.startsWith('rejected') ? 1 : 0);
    expect(deps.logged).toHaveLength(1);
  });

  it.each(eventNames)('%s in a hub of another partition claims nothing', async (name) => {
    const deps = company({ partition: 'aws-iso' });
    expect(await wordsFor(deps, eventOf(name))).toMatch(/^(rejected|ignored)$/);
  });

  it.each(eventNames)('%s delivered twice claims nothing twice', async (name) => {
    const deps = companyFor(name);
    const first = await wordsFor(deps, eventOf(name));
    expect(await wordsFor(deps, eventOf(name))).toBe(first.replace('claimed', 'joined'));
  });
});

describe('a label event', () => {
  it('given Keyturn is stopped, then it is to come again', async () => {
    const stopSwitch = {
      read: async () => ({ stopped: true as const, why: 'incident 42', since: null }),
    };
    const deps = company({ stopSwitch });
    const moved = onFindingHandler(deps)(eventOf('secret-label-updated'));
    await expect(moved).rejects.toThrow(Transient);
  });
});

describe('the answer', () => {
  it('given a claim, then it names the key and where it stands', async () => {
    expect(await onFindingHandler(company())(eventOf('hub-fsbp'))).toEqual({
      outcome: 'claimed',
      reason: 'a rotation of key …MPLE of 111122223333/ci-runner is opened',
      problems: [],
      rotations: [
        {
          account: '111122223333',
          userName: 'ci-runner',
          accessKeyId: 'AKIAIOSFODNN7EXAMPLE',
          stage: 'proposed',
        },
      ],
    });
  });

  it('given five standards and Regions, then one claims and four join', async () => {
    const deps = company();
    const told: string[] = [];
    for (const name of [
      'config-non-compliant',
      'hub-fsbp',
      'hub-nist',
      'hub-cis-1.2.0-unique-id',
      'hub-custom-action',
    ]) {
      told.push(await wordsFor(deps, eventOf(name)));
    }
    expect(told).toEqual(['claimed ci-runner', ...Array(4).fill('joined ci-runner')]);
  });

  it('given one finding claimed and one joined, then the event is claimed', async () => {
    const deps = company();
    await wordsFor(deps, eventOf('hub-fsbp'));
    expect(await wordsFor(deps, eventOf('hub-two-findings'))).toBe(
      'claimed ci-runner report-mailer',
    );
  });

  it('given a malformed event, then it is kept whole with every problem', async () => {
    const deps = company();
    const received = await onFindingHandler(deps)(eventOf('malformed-findings-not-a-list'));
    const problems = ['detail.findings is an object: it should be a list of findings'];
    expect(received).toMatchObject({ outcome: 'rejected', problems, rotations: [] });
    expect(deps.letters).toEqual([{ event: eventOf('malformed-findings-not-a-list'), problems }]);
  });
});

describe('trouble on the way', () => {
  it('given an account that cannot be asked, then others are served and it is thrown', async () => {
    let asked = 0;
    const users = usersOf(staff, () => {
      asked += 1;
      return asked === 1 ? new Transient('IAM throttled the call') : undefined;
    });
    const deps = company({ users });
    const event = eventOf('hub-two-findings');
    await expect(onFindingHandler(deps)(event)).rejects.toThrow(Transient);
    expect(await deps.store.claimOn('aws', '111122223333', 'AKIAI44QH8DHBEXAMPLE')).toBeDefined();
    expect(await wordsFor(deps, event)).toBe('claimed ci-runner report-mailer');
  });

  it('given dead letters cannot be kept, then good findings count and it is thrown', async () => {
    const deadLetters = {
      keep: async () => {
        throw new Transient('SQS did not answer');
      },
    };
    const deps = company({ deadLetters });
    const received = onFindingHandler(deps)(eventOf('hub-one-bad-one-good'));
    await expect(received).rejects.toThrow(Transient);
    expect(await deps.store.claimOn('aws', '111122223333', 'AKIAIOSFODNN7EXAMPLE')).toBeDefined();
  });

  it('given hostile values, then no answer carries more than the sentence needs', async () => {
    const deps = company();
    const event = changed('hub-fsbp', { 'detail/findings/0/AwsAccountId': 'x'.repeat(100_000) });
    const received = await onFindingHandler(deps)(event);
    expect(JSON.stringify(received).length).toBeLessThan(2000);
  });
});
