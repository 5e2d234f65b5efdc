/** Executions of runbooks as the page shows them: their steps, with what went in and came out. */
import type { AutomationExecution, StepExecution } from '@aws-sdk/client-ssm';
import type { Scene } from './scenes.ts';
import type { RunView, StepView } from './view.ts';

/** Every execution, latest first. */
export function runsIn({ world, accounts }: Scene): readonly RunView[] {
  return accounts
    .flatMap((account) =>
      world.runner.list({ ...world.place, account }).map((each) => runOf(each, account)),
    )
    .toSorted((a, b) => b.startedAt.localeCompare(a.startedAt));
}

function runOf(execution: AutomationExecution, account: string): RunView {
  const given = (name: string) => execution.Parameters?.[name]?.[0] ?? '';
  return {
    id: execution.AutomationExecutionId ?? '',
    document: execution.DocumentName ?? '',
    account,
    userName: given('UserName'),
    rotation: given('RotationId'),
    effect: given('EffectId'),
    status: execution.AutomationExecutionStatus ?? 'Pending',
    startedAt: execution.ExecutionStartTime?.toISOString() ?? '',
    endedAt: execution.ExecutionEndTime?.toISOString() ?? null,
    failure: execution.FailureMessage ?? null,
    steps: (execution.StepExecutions ?? []).map(stepOf),
  };
}

function stepOf(step: StepExecution): StepView {
  const outputs = Object.entries(step.Outputs ?? {}).map(([name, said]) => [name, said.join(', ')]);
  return {
    name: step.StepName ?? '',
    action: step.Action ?? '',
    status: step.StepStatus ?? 'Pending',
    startedAt: step.ExecutionStartTime?.toISOString() ?? null,
    endedAt: step.ExecutionEndTime?.toISOString() ?? null,
    inputs: step.Inputs ?? {},
    outputs: Object.fromEntries(outputs),
    failure: step.FailureMessage ?? null,
  };
}
