/** What only one action asks of its inputs. */
import { secondsOfIsoDuration } from '../runner/iso-duration.ts';
import { isList, isMap, type Json } from '../runner/json.ts';
import type { Problems } from '../runner/problems.ts';
import { abbreviated } from './check-inputs.ts';
import { conditionProblems } from './condition.ts';
import type { Declared } from './declared.ts';
import { ownInputs, type WrittenStep } from './outline.ts';
import { isOpen } from './references.ts';
import { pathProblem } from './selector-form.ts';
import { fitsType } from './value-type.ts';

type Check = (step: WrittenStep, problems: Problems, declared: Declared) => void;

const checks: Readonly<Record<string, Check>> = {
  'aws:approve': checkApprove,
  'aws:assertAwsResourceProperty': checkProperty,
  'aws:branch': checkBranch,
  'aws:executeScript': checkScript,
  'aws:loop': checkLoop,
  'aws:sleep': checkSleep,
  'aws:updateVariable': checkUpdate,
  'aws:waitForAwsResourceProperty': checkProperty,
};

export function checkActionInputs(step: WrittenStep, problems: Problems, declared: Declared): void {
  const { action } = step.source;
  if (typeof action === 'string' && Object.hasOwn(checks, action)) {
    checks[action]?.(step, problems, declared);
  }
}

function checkApprove({ inputs }: WrittenStep, problems: Problems): void {
  const { Approvers, MinRequiredApprovals } = inputs;
  const needed = Number(MinRequiredApprovals);
  if (!isList(Approvers) || Approvers.some(isOpen) || !Number.isInteger(needed)) return;
  if (needed > Approvers.length) {
    problems.add(`needs ${needed} approvals and has ${Approvers.length} approvers`);
  }
}

function checkProperty({ inputs }: WrittenStep, problems: Problems): void {
  const { PropertySelector, DesiredValues } = inputs;
  if (typeof PropertySelector === 'string' && PropertySelector !== '') {
    const problem = pathProblem(PropertySelector);
    if (problem !== undefined) problems.add(`input PropertySelector ${problem}`);
  }
  if (isList(DesiredValues) && DesiredValues.length === 0) {
    problems.add('input DesiredValues is empty');
  }
}

function checkBranch({ inputs }: WrittenStep, problems: Problems): void {
  const { Choices } = inputs;
  if (Choices === undefined || Choices === null) return;
  if (!isList(Choices) || Choices.length === 0) {
    problems.add('input Choices is not a list of at least one choice');
    return;
  }
  for (const [index, choice] of Choices.entries()) {
    const at = `choice ${index + 1}`;
    for (const problem of conditionProblems(choice, at, ['NextStep'])) problems.add(problem);
    if (isMap(choice) && typeof choice.NextStep !== 'string') problems.add(`${at} has no NextStep`);
  }
}

/** Runtimes come and go; what matters is the language. */
const runtimes = /^(?:python3\.\d{1,2}|PowerShell (?:Core )?\d+\.\d+)$/;

function checkScript({ inputs }: WrittenStep, problems: Problems, { files }: Declared): void {
  const { Runtime, Handler, Attachment } = inputs;
  if (typeof Runtime === 'string' && Runtime !== '' && !isOpen(Runtime)) {
    if (!runtimes.test(Runtime)) {
      problems.add(`input Runtime is no version of python3 or PowerShell: ${Runtime}`);
    } else if (Runtime.startsWith('python') && (Handler === undefined || Handler === '')) {
      problems.add('input Handler is missing, which Python needs');
    }
  }
  if (typeof Attachment === 'string' && !isOpen(Attachment) && !files.has(Attachment)) {
    problems.add(`input Attachment is not among the files of the document: ${Attachment}`);
  }
}

function checkLoop(step: WrittenStep, problems: Problems): void {
  const { Steps, Iterators, LoopCondition } = step.inputs;
  if (Steps !== undefined && Steps !== null && !(isList(Steps) && Steps.length > 0)) {
    problems.add('input Steps is not a list of at least one step');
  }
  if (Iterators !== undefined && !isList(Iterators) && !isOpen(Iterators)) {
    problems.add('input Iterators is not a list');
  }
  if (LoopCondition !== undefined) {
    for (const problem of conditionProblems(LoopCondition, 'input LoopCondition')) {
      problems.add(problem);
    }
  }
  if (ownInputs(step).IteratorDataType !== undefined && Iterators === undefined) {
    problems.add('input IteratorDataType needs Iterators');
  }
}

const longestSleepSeconds = 604_799;

function checkSleep({ inputs }: WrittenStep, problems: Problems): void {
  const { Duration, Timestamp } = inputs;
  if (isWritten(Duration)) {
    const seconds = typeof Duration === 'string' ? secondsOfIsoDuration(Duration) : undefined;
    if (seconds === undefined) {
      problems.add(`input Duration is no ISO 8601 duration: ${abbreviated(Duration)}`);
    } else if (seconds > longestSleepSeconds) {
      problems.add(`input Duration is longer than ${longestSleepSeconds} seconds: ${Duration}`);
    }
  }
  if (isWritten(Timestamp) && !isTime(Timestamp)) {
    problems.add(`input Timestamp is no ISO 8601 time: ${abbreviated(Timestamp)}`);
  }
}

function isWritten(value: Json | undefined): value is Json {
  return value !== undefined && value !== null && value !== '' && !isOpen(value);
}

function isTime(value: Json): boolean {
  const form = /^\d{4}-\d\d-\d\d(?:T\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:?\d\d)?)?$/;
  if (typeof value !== 'string' || !form.test(value)) return false;
  return !Number.isNaN(Date.parse(value.replace(/([+-]\d\d)(\d\d)$/, '$1:$2')));
}

function checkUpdate({ inputs }: WrittenStep, problems: Problems, { variables }: Declared): void {
  const { Name, Value } = inputs;
  if (typeof Name !== 'string' || Name === '') return;
  const name = /^(?:\{\{\s*)?variable:\s*(\w+)\s*(?:\}\})?$/.exec(Name)?.[1];
  if (name === undefined) {
    problems.add(`input Name is not of the form variable:name: ${Name}`);
    return;
  }
  if (!variables.has(name)) {
    problems.add(`input Name is variable:${name}, which the document does not declare`);
    return;
  }
  const type = variables.get(name);
  if (type !== undefined && isWritten(Value) && !fitsType(Value, type)) {
    problems.add(
      `input Value is not of type ${type}, as variable:${name} is: ${abbreviated(Value)}`,
    );
  }
}
