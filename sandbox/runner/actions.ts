/**
 * The actions that this runner executes. Any other one is refused by name when a document is read.
 */
import type { ActionModel } from './action.ts';
import { branch } from './branch.ts';
import { executeAwsApi } from './execute-aws-api.ts';
import { invokeLambdaFunction } from './invoke-lambda-function.ts';
import { assertAwsResourceProperty, waitForAwsResourceProperty } from './resource-property.ts';
import { sleep } from './sleep.ts';

export type ActionName =
  | 'aws:executeAwsApi'
  | 'aws:invokeLambdaFunction'
  | 'aws:branch'
  | 'aws:sleep'
  | 'aws:assertAwsResourceProperty'
  | 'aws:waitForAwsResourceProperty';

export const actions: Readonly<Record<ActionName, ActionModel>> = {
  'aws:executeAwsApi': executeAwsApi,
  'aws:invokeLambdaFunction': invokeLambdaFunction,
  'aws:branch': branch,
  'aws:sleep': sleep,
  'aws:assertAwsResourceProperty': assertAwsResourceProperty,
  'aws:waitForAwsResourceProperty': waitForAwsResourceProperty,
};

export function isActionName(name: unknown): name is ActionName {
  return typeof name === 'string' && Object.hasOwn(actions, name);
}
