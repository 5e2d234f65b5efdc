/** aws:branch: every operation, every combination, and where it goes on. */
import { describe, expect, it } from 'vitest';
import { rig, statuses, stepsOnly } from './rig.ts';

const ends = ['Yes', 'No']
  .map((name) => `- { name: ${name}, action: aws:sleep, inputs: { Duration: PT1S }, isEnd: true }`)
  .join('\n');

const fork = (choices: string, more = '') =>
  stepsOnly(
    `- name: Fork
  action: aws:branch
  inputs:
    Choices: ${choices}
${more}
${ends}`,
    "parameters: { Value: { type: String, default: '' }, Other: { type: String, default: 'b' } }",
  );

async function goesTo(text: string, value: string): Promise<string> {
  const execution = await rig().run(text, value === '' ? {} : { Value: [value] });
  const done = statuses(execution).match(/(Yes|No)=Success/);
  return done?.[1] ?? 'the end';
}

describe('operations', () => {
  const cases: [string, string, string][] = [
    ['StringEquals: safe', 'safe', 'Yes'],
    ['StringEquals: safe', 'Safe', 'No'],
    ['StringEquals: safe', 'unsafe', 'No'],
    ['StringEquals: safe', '', 'No'],
    ['EqualsIgnoreCase: safe', 'SAFE', 'Yes'],
    ['EqualsIgnoreCase: safe', 'safer', 'No'],
    ['StartsWith: AKIA', 'AKIAIOSFODNN7EXAMPLE', 'Yes'],
    ['StartsWith: AKIA', 'xAKIA', 'No'],
    ['EndsWith: WXYZ', 'AWXYZ', 'Yes'],
    ['EndsWith: WXYZ', 'WXYZA', 'No'],
    ['Contains: in use', 'it is in use now', 'Yes'],
    ['Contains: in use', 'in  use', 'No'],
    ['NumericEquals: 2', '2.0', 'Yes'],
    ['NumericEquals: 0', '', 'No'],
    ['NumericEquals: 2', 'two', 'No'],
    ['NumericGreater: 2', '3', 'Yes'],
    ['NumericGreater: 2', '2', 'No'],
    ['NumericGreaterOrEquals: 2', '2', 'Yes'],
    ['NumericGreaterOrEquals: 2', '1', 'No'],
    ['NumericLesser: 10', '9', 'Yes'],
    ['NumericLesser: 10', '10', 'No'],
    ['NumericLesserOrEquals: 10', '10', 'Yes'],
    ['NumericLesserOrEquals: 10', '11', 'No'],
    ['BooleanEquals: true', 'true', 'Yes'],
    ['BooleanEquals: true', 'false', 'No'],
    ['BooleanEquals: true', '', 'No'],
  ];
  it.each(cases)('%s of %j goes to %s', async (operation, value, step) => {
    const choice = `[{ NextStep: Yes, Variable: '{{ Value }}', ${operation} }]`;
    expect(await goesTo(fork(choice, '    Default: No'), value)).toBe(step);
  });
});

describe('combinations', () => {
  const a = "{ Variable: '{{ Value }}', StringEquals: a }";
  const b = "{ Variable: '{{ Other }}', StringEquals: b }";
  const cases: [string, string, string][] = [
    [`And: [${a}, ${b}]`, 'a', 'Yes'],
    [`And: [${a}, ${b}]`, 'c', 'No'],
    [`Or: [${a}, ${b}]`, 'c', 'Yes'],
    [`Or: [${a}, { Not: ${b} }]`, 'c', 'No'],
    [`Not: ${a}`, 'c', 'Yes'],
    [`Not: ${a}`, 'a', 'No'],
    [`And: [{ Or: [${a}, ${b}] }, { Not: ${a} }]`, 'c', 'Yes'],
    [`And: [{ Or: [${a}, ${b}] }, { Not: ${a} }]`, 'a', 'No'],
  ];
  it.each(cases)('%s with %s goes to %s', async (rule, value, step) => {
    expect(await goesTo(fork(`[{ NextStep: Yes, ${rule} }]`, '    Default: No'), value)).toBe(step);
  });
});

describe('the way on', () => {
  const choice = "{ NextStep: Yes, Variable: '{{ Value }}', StringEquals: a }";
  const second = "{ NextStep: No, Variable: '{{ Value }}', Contains: a }";

  it('the first true choice counts', async () => {
    expect(await goesTo(fork(`[${choice}, ${second}]`), 'a')).toBe('Yes');
    expect(await goesTo(fork(`[${choice}, ${second}]`), 'ab')).toBe('No');
  });

  it('without a Default and a true choice, the next step comes', async () => {
    expect(await goesTo(fork(`[${choice}]`), 'x')).toBe('Yes');
    expect(await goesTo(fork(`[${choice}]`, '  nextStep: No'), 'x')).toBe('No');
  });

  it('with isEnd, the end comes, but a true choice still counts', async () => {
    expect(await goesTo(fork(`[${choice}]`, '  isEnd: true'), 'x')).toBe('the end');
    expect(await goesTo(fork(`[${choice}]`, '  isEnd: true'), 'a')).toBe('Yes');
  });
});
