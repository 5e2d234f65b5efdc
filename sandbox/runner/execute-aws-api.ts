/**
 * aws:executeAwsApi: one API call. It may take 25 seconds.
 * https://docs.aws.amazon.com/systems-manager/latest/userguide/automation-action-executeAwsApi.html
 * (2026-11)
 */
import type { ActionModel } from './action.ts';
import { callApi, callProblems } from './aws-call.ts';

export const executeAwsApi: ActionModel = {
  check: (inputs) => callProblems(inputs, []),
  targets: () => [],
  ownOutputs: [],
  selectsOutputs: true,
  timeoutSeconds: undefined,
  limitSeconds: 25,
  perform: async (inputs, context) => {
    const call = await callApi(inputs, [], context);
    if ('failure' in call) return call.failure;
    return { kind: 'succeeded', response: call.answer, outputs: {} };
  },
};
