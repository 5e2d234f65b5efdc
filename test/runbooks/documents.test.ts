/** The runbooks as documents: sound, explained, with parameters that let nothing odd in. */
import { describe, expect, it } from 'vitest';
import type { RunbookName } from '../../domain/effect.ts';
import { parseAutomationDocument } from '../../sandbox/runner/parse-document.ts';
import { accountWith, execute, parametersFor, sourceOf, textOf } from './account.ts';

const runbooks: readonly RunbookName[] = [
  'issue-replacement-key',
  'deactivate-key',
  'delete-key',
  'restore-key',
];
/** Steps that only look; every other one changes something. */
const looking = ['examine', 'permit', 'verify', 'confirmUndo'];

describe.each(runbooks)('the document %s', (runbook) => {
  const source = sourceOf(runbook);

  it('is a sound Automation document', () => {
    const parsed = parseAutomationDocument(textOf(runbook));
    expect(parsed.ok ? [] : parsed.problems).toEqual([]);
    expect(source).toMatchObject({
      schemaVersion: '0.3',
      assumeRole: '{{ AutomationAssumeRole }}',
      description: expect.stringMatching(/\S/),
    });
  });

  it('opens with effect, undo and permissions', () => {
    const header = textOf(runbook).split('schemaVersion')[0] ?? '';
    for (const word of ['Effect', 'Undo', 'Permissions']) expect(header).toContain(`# ${word}`);
  });

  it('holds every parameter to a pattern that is anchored and refuses the empty text', () => {
    for (const [name, { allowedPattern = '' }] of Object.entries(source.parameters)) {
      expect([name, allowedPattern]).toEqual([name, expect.stringMatching(/^\^.+\$$/)]);
      expect([name, new RegExp(allowedPattern).test('')]).toEqual([name, false]);
      expect([name, new RegExp(allowedPattern).test('a {{ b }}')]).toEqual([name, false]);
    }
  });

  it('says what happens when a step that changes something fails', () => {
    for (const step of source.mainSteps.filter(({ name }) => !looking.includes(name))) {
      expect([step.name, step.onFailure]).toEqual([step.name, expect.any(String)]);
    }
  });

  it('ends no run before the step that its onFailure names', () => {
    for (const step of source.mainSteps.filter(({ onFailure }) => /^step:/.test(`${onFailure}`))) {
      expect([step.name, step.isEnd ?? false]).toEqual([step.name, false]);
    }
  });

  it('declares only outputs that a step has', () => {
    const declared = source.mainSteps.flatMap(({ name, outputs }) =>
      ((outputs as { Name: string }[] | undefined) ?? []).map(({ Name }) => `${name}.${Name}`),
    );
    expect(declared).toEqual(expect.arrayContaining(source.outputs));
    expect(JSON.stringify(source)).not.toMatch(/SecretAccessKey|SecretString|RotationToken/);
  });
});

describe('parameters that are refused before anything happens', () => {
  const role = 'arn:aws:iam::444455556666:role/keyturn-runbook';
  it.each([
    ['UserName', 'a b'],
    ['UserName', '*'],
    ['UserId', 'AROAEXAMPLEEXAMPLE'],
    ['OldKeyId', 'ASIAIOSFODNN7EXAMPLE'],
    ['RotationId', 'x'],
    ['EffectId', 'x/1/0'],
    ['AutomationAssumeRole', role],
    ['AutomationAssumeRole', 'keyturn-runbook'],
    ['NotBefore', 'now'],
    ['AuthorityKind', 'evidence or so'],
    ['AuthorityBy', 'a "quoted" name'],
    ['TestRequestIds', 'x'],
    ['SecretArn', 'arn:aws:s3:::bucket'],
    ['SecretArn', 'arn:aws:ssm:eu-west-1:444455556666:document/x'],
    ['Copies', 'Ohio'],
    ['WitnessFunction', 'arn:aws:lambda:eu-west-1:444455556666:function:other'],
  ])('%s "%s"', async (name, value) => {
    const account = accountWith();
    const parameters = { [name]: value };
    await expect(execute('deactivate-key', account, { parameters })).rejects.toThrow();
    expect(account.happened).toEqual([]);
  });

  it('but those of a real order are taken', () => {
    for (const runbook of runbooks) {
      const { parameters } = sourceOf(runbook);
      for (const [name, value] of Object.entries(parametersFor(runbook))) {
        const pattern = new RegExp(parameters[name]?.allowedPattern ?? 'missing');
        expect([runbook, name, pattern.test(value)]).toEqual([runbook, name, true]);
      }
    }
  });

  it('and a forced order names who forced it', () => {
    const { parameters } = sourceOf('delete-key');
    const allows = (name: string, value: string) =>
      new RegExp(parameters[name]?.allowedPattern ?? 'missing').test(value);
    expect(allows('AuthorityBy', 'Dana Okafor (U024BE7LH)')).toBe(true);
    expect(allows('AuthorityBy', 'Zoë Müller')).toBe(true);
    expect(allows('AuthorityAt', '2026-11-10T12:00:00.000Z')).toBe(true);
    expect(allows('TestRequestIds', 'none')).toBe(true);
  });
});
