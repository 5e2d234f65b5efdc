/** The story that `npm start` tells, held against what it must show. */
import { beforeAll, describe, expect, test } from 'vitest';
import { parse, stringify } from 'yaml';
import { cryptoIds } from '../../adapters/crypto-ids.ts';
import { chainProblems } from '../../domain/journal.ts';
import { decide } from '../../domain/rotation.ts';
import { companyAccounts } from '../../sandbox/company.ts';
import { type Demo, playDemo } from '../../sandbox/demo.ts';
import { everyRotation } from '../../sandbox/report.ts';
import {
  documentName,
  parsedRunbook,
  runbookDocuments,
  runbookText,
} from '../../sandbox/runbook-files.ts';

const sentinel = 'SENTINELxSECRET';
let demo: Demo;

beforeAll(async () => {
  demo = await playDemo({ sentinel });
});

const rotationOf = (userName: string) =>
  demo.report.rotations.find((each) => each.userName === userName);
const consumersOf = (userName: string) =>
  demo.company.find(({ employee }) => employee.userName === userName)?.consumers ?? [];

describe('the story of the small company', () => {
  test('ends with every rotation done or held, each with a reason', () => {
    expect(demo.settled).toBe(true);
    const { rotations } = demo.report;
    expect(rotations.map(({ userName, stage, outcome }) => [userName, stage, outcome])).toEqual([
      ['svc-billing-export', 'done', 'rotated'],
      ['svc-legacy-sync', 'held', null],
      ['svc-nightly-report', 'done', 'rotated'],
      ['svc-warehouse', 'done', 'already gone'],
      ['svc-image-resizer', 'done', 'rotated'],
      ['svc-mobile-push', 'done', 'rotated'],
      ['svc-archive', 'held', null],
    ]);
    expect(rotations.every(({ reason }) => reason.length > 20)).toBe(true);
  });

  test('resolves the findings of finished users, and of no others', () => {
    for (const { userName, workflow } of demo.report.findings) {
      const isDone = rotationOf(userName)?.stage === 'done';
      expect([userName, workflow]).toEqual([userName, isDone ? 'RESOLVED' : 'NOTIFIED']);
    }
    expect(demo.report.findings).toHaveLength(7);
  });

  test('leaves the forgetful program its old key and tells who uses it, from where', () => {
    expect(rotationOf('svc-legacy-sync')?.oldKeyStatus).toBe('Active');
    expect(consumersOf('svc-legacy-sync').flatMap(({ failures }) => failures)).toEqual([]);
    const message = demo.world.slack
      .messages()
      .find(({ text, threadTs }) => threadTs === null && text.includes('svc-legacy-sync'));
    const shown = JSON.stringify(message);
    expect(shown).toContain('192.0.2.80');
    expect(shown).toContain('aws-cli/2.31');
    expect(shown).toContain('<@U0OMAR>');
    const paged = demo.world.pagerDuty.incidents().map(({ summary }) => summary);
    expect(paged.some((text) => text.includes('svc-legacy-sync'))).toBe(true);
  });

  test('breaks nobody who changed over', () => {
    for (const userName of ['svc-billing-export', 'svc-nightly-report', 'svc-image-resizer']) {
      expect(consumersOf(userName).flatMap(({ failures }) => failures)).toEqual([]);
      expect(rotationOf(userName)?.oldKeyStatus).toBe('Deleted');
    }
  });

  test('gives the old key back when a second program turns out to need it', () => {
    const [resizer, job] = consumersOf('svc-mobile-push');
    expect(resizer?.failures).toEqual([]);
    expect(job?.failures).toHaveLength(1);
    const roles = demo.world.cloud.truth('444455556666').keys;
    const old = roles.find(({ keyId }) => keyId === rotationOf('svc-mobile-push')?.oldKeyId);
    expect(old?.changes.map(({ to }) => to)).toEqual([
      'Active',
      'Inactive',
      'Active',
      'Inactive',
      'Gone',
    ]);
  });

  test('turns a stranger away without a change', () => {
    const stranger = demo.cast.pressed.find(({ who }) => who.startsWith('Mallory'));
    expect(stranger?.status).toBe(200);
    const heard = demo.world.slack.whispers().filter((each) => each.slackUserId === 'U0MALLORY');
    expect(heard).toHaveLength(1);
  });

  test('leaves nothing undone and loses no event', async () => {
    expect(await demo.world.store.outstanding(demo.world.clock.now(), 10)).toEqual([]);
    expect(demo.world.cloud.lostBusEvents).toEqual([]);
    const givenUp = demo.world.log.filter(({ message }) => message === 'effect given up');
    expect(givenUp).toEqual([]);
    expect(demo.world.log.filter(({ level }) => level === 'error')).toEqual([]);
  });
});

describe('the journals of the story', () => {
  test('are whole chains whose last entry is the state', async () => {
    for (const rotation of await everyRotation(demo.world, companyAccounts)) {
      const journal = await demo.world.store.journal(rotation.id);
      expect(chainProblems(journal, cryptoIds.digest)).toEqual([]);
      expect(journal.at(-1)?.state).toEqual(rotation);
    }
  });

  test('say what the machine decides again', async () => {
    for (const rotation of await everyRotation(demo.world, companyAccounts)) {
      const journal = await demo.world.store.journal(rotation.id);
      let state = journal[0]?.state;
      for (const { event, at, version, ...entry } of journal.slice(1)) {
        if (state === undefined || event.type === 'opened') throw new Error('no opening');
        const decision = decide(state, event, at);
        state = { ...decision.rotation, version };
        expect(state).toEqual(entry.state);
        expect(entry.effects.map(({ effect }) => effect)).toEqual(decision.effects);
      }
    }
  });
});

/** What is certain of a text in base64, for each place at which it may begin. */
function inBase64(text: string): readonly string[] {
  return [0, 1, 2].map((offset) => {
    const encoded = Buffer.from(`${'x'.repeat(offset)}${text}`).toString('base64');
    return encoded.slice(4, -4);
  });
}

describe('the secret values of the story', () => {
  const isSecretIn = (value: unknown) => {
    const text = JSON.stringify(value);
    return [sentinel, ...inBase64(sentinel)].some((form) => text.includes(form));
  };

  test('are in the vault', () => {
    const values = companyAccounts.flatMap((account) =>
      demo.world.cloud
        .truth(account)
        .secrets.flatMap(({ arn, versions }) =>
          [...versions.keys()].map(
            (versionId) => demo.world.cloud.secretValue(arn, versionId)?.text,
          ),
        ),
    );
    expect(values.filter(isSecretIn).length).toBeGreaterThanOrEqual(5);
  });

  test('are nowhere else', async () => {
    const { world } = demo;
    const rotations = await everyRotation(world, companyAccounts);
    const places: Readonly<Record<string, unknown>> = {
      journals: await Promise.all(rotations.map(({ id }) => world.store.journal(id))),
      log: world.log,
      events: world.deliveries,
      calls: world.cloud.history,
      runs: companyAccounts.map((account) => world.runner.list({ ...world.place, account })),
      slack: [world.slack.messages(), world.slack.whispers()],
      pager: world.pagerDuty.incidents(),
      topic: world.cloud.published,
      bus: world.cloud.busEvents,
      failures: demo.company.map(({ consumers }) => consumers.map(({ failures }) => failures)),
      report: demo.report,
    };
    for (const [name, content] of Object.entries(places)) {
      expect(JSON.stringify(content)?.length, name).toBeGreaterThan(50);
      expect(isSecretIn(content), `a secret value is in ${name}`).toBe(false);
    }
  });
});

interface LooseStep {
  name: string;
  nextStep?: string;
}

/** The runbooks with one step of deactivate-key taken out, and whoever led to it led past it. */
function withoutStep(name: string) {
  const document = parse(runbookText('deactivate-key')) as {
    mainSteps: LooseStep[];
    outputs: string[];
  };
  const gone = document.mainSteps.find((step) => step.name === name);
  const next = gone?.nextStep;
  document.mainSteps = document.mainSteps
    .filter((step) => step !== gone)
    .map((step) => {
      if (step.nextStep !== name) return step;
      const { nextStep: _, ...rest } = step;
      return next === undefined ? rest : { ...rest, nextStep: next };
    });
  document.outputs = document.outputs.filter((output) => !output.startsWith(`${name}.`));
  const parsed = parsedRunbook('deactivate-key', stringify(document));
  return new Map([...runbookDocuments(), [documentName('deactivate-key'), parsed]]);
}

describe('a deactivate-key runbook', () => {
  test('without its verify step finishes nobody who needs it', async () => {
    const { report } = await playDemo({ documents: withoutStep('verify') });
    const billing = report.rotations.find(({ userName }) => userName === 'svc-billing-export');
    expect(billing?.stage).toBe('held');
    expect(report.rotations.filter(({ outcome }) => outcome === 'rotated')).toEqual([]);
  });

  test('without its witness step is refused before it can run', () => {
    expect(() => withoutStep('examine')).toThrow(/examine/);
  });
});
