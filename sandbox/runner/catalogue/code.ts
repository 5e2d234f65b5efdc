/**
 * Actions that run code or another automation. The names that outputs of a Lambda step may not take
 * are those that CreateDocument lists when it refuses one.
 * https://docs.aws.amazon.com/systems-manager/latest/userguide/automation-action-executeScript.html
 * https://docs.aws.amazon.com/systems-manager/latest/userguide/automation-action-lamb.html
 * https://docs.aws.amazon.com/systems-manager/latest/userguide/invoke-webhook.html
 * https://docs.aws.amazon.com/systems-manager/latest/userguide/automation-action-executeStateMachine.html
 * https://docs.aws.amazon.com/systems-manager/latest/userguide/automation-action-executeAutomation.html
 * https://github.com/cdklabs/cdk-ssm-documents/issues/55
 * https://github.com/cdklabs/cdk-ssm-documents/issues/57
 * (2026-11)
 */
import { type Catalogue, map, maps, neededText, text, usual } from './entry.ts';

const lambdaOutputs = ['StatusCode', 'FunctionError', 'LogResult', 'Payload'];

export const code: Catalogue = {
  'aws:executeScript': {
    ...usual,
    inputs: {
      Runtime: neededText,
      Handler: text,
      InputPayload: map,
      Script: { type: 'String', foreign: true },
      Attachment: text,
    },
    outputs: ['Payload'],
    oneOf: [['Script', 'Attachment']],
  },
  'aws:invokeLambdaFunction': {
    ...usual,
    inputs: {
      FunctionName: neededText,
      Qualifier: text,
      InvocationType: { type: 'String', values: ['Event', 'RequestResponse', 'DryRun'] },
      LogType: { type: 'String', values: ['None', 'Tail'] },
      ClientContext: { type: 'any' },
      InputPayload: map,
      // CreateDocument wants a text; AWS has published documents with an empty map.
      Payload: { type: 'any' },
    },
    outputs: lambdaOutputs,
    reserved: [...lambdaOutputs, 'OutputPayload'],
  },
  'aws:invokeWebhook': {
    ...usual,
    inputs: { IntegrationName: neededText, Body: { type: 'any', foreign: true } },
    others: 'refused',
    outputs: ['Response', 'ResponseCode'],
  },
  'aws:executeStateMachine': {
    ...usual,
    inputs: { stateMachineArn: neededText, name: text, input: text },
    outputs: [
      'executionArn',
      'input',
      'name',
      'output',
      'startDate',
      'stateMachineArn',
      'status',
      'stopDate',
    ],
  },
  'aws:executeAutomation': {
    ...usual,
    inputs: {
      DocumentName: neededText,
      DocumentVersion: text,
      MaxConcurrency: text,
      MaxErrors: text,
      RuntimeParameters: map,
      Tags: maps,
      TargetLocations: maps,
      TargetMaps: maps,
      TargetParameterName: text,
      Targets: maps,
    },
    outputs: ['Output', 'ExecutionId', 'Status'],
  },
};
