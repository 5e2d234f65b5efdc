/** How SSM words the failure of a step. */
import type { Failure } from './action.ts';

const stageWords: Readonly<Record<Failure['stage'], string>> = {
  InputValidation: 'Step fails when it is validating and resolving the step inputs. ',
  PreVerification: 'Step fails when it is verifying the step inputs. ',
  Invocation: 'Step fails when it is Execute/Cancelling action. ',
  PostVerification: 'Step fails when it is verifying the result. ',
};

/** The step's FailureMessage. */
export function failureMessage(failure: Failure, status: 'Failed' | 'TimedOut'): string {
  const what = status === 'Failed' ? stageWords[failure.stage] : '';
  const guide =
    'Please refer to Automation Service Troubleshooting Guide for more diagnosis details.';
  return `${what}${failure.message}. ${guide}`;
}
