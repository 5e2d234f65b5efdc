/**
 * The order of a drill, in Amazon States Language: make, report, follow until nothing is left to
 * wait for, check; and clean up whatever happened. No key's secret is ever in it: executions keep
 * what goes in and out of every step.
 * https://docs.aws.amazon.com/step-functions/latest/dg/concepts-amazon-states-language.html (2026-11)
 */

/** What Lambda itself may fail with for a moment, and what AWS refuses for one. */
const retry = [
  {
    ErrorEquals: [
      'Lambda.ClientExecutionTimeoutException',
      'Lambda.ServiceException',
      'Lambda.AWSLambdaException',
      'Lambda.SdkClientException',
      'Lambda.TooManyRequestsException',
      'Transient',
    ],
    IntervalSeconds: 10,
    MaxAttempts: 5,
    BackoffRate: 2,
  },
];

/** Whatever went wrong, what was made is removed. */
const cleanAfter = [{ ErrorEquals: ['States.ALL'], ResultPath: '$.problem', Next: 'Clean up' }];

/** The beginning of the execution's name, of which users' names are made. */
const run = "States.ArrayGetItem(States.StringSplit($$.Execution.Name, '-'), 0)";

/** What asks the function for an act. */
const acting = (functionArn, partition) => (payload, resultPath, rest) => ({
  Type: 'Task',
  Resource: `arn:${partition}:states:::lambda:invoke`,
  Parameters: { FunctionName: functionArn, Payload: payload },
  ResultSelector: { 'told.$': '$.Payload' },
  ResultPath: resultPath,
  ...rest,
});

function making(act) {
  return {
    'Usual pace': {
      Type: 'Pass',
      // What the input says, over this.
      Parameters: {
        'pace.$':
          'States.JsonMerge(States.StringToJson(\'{"settleSeconds":60,"everySeconds":300,"crowdSeconds":45}\'), $$.Execution.Input, false)',
        'run.$': run,
        followed: { told: { tracks: [] } },
      },
      Next: 'Make dummies',
    },
    // Not tried again: who is there already would be an error, and a key be made twice.
    'Make dummies': act({ act: 'make', 'run.$': '$.run' }, '$.made', {
      Catch: cleanAfter,
      Next: 'Let keys get known',
    }),
    // A new key takes seconds to work everywhere.
    'Let keys get known': {
      Type: 'Wait',
      SecondsPath: '$.pace.settleSeconds',
      Next: 'Report them',
    },
    'Report them': act({ act: 'report', 'dummies.$': '$.made.told.dummies' }, '$.reported', {
      Retry: retry,
      Catch: cleanAfter,
      Next: 'Follow',
    }),
  };
}

function following(act) {
  return {
    Wait: { Type: 'Wait', SecondsPath: '$.pace.everySeconds', Next: 'Follow' },
    Follow: act(
      {
        act: 'follow',
        'dummies.$': '$.made.told.dummies',
        'tracks.$': '$.followed.told.tracks',
        'startedAt.$': '$$.Execution.StartTime',
        'crowdSeconds.$': '$.pace.crowdSeconds',
      },
      '$.followed',
      { Retry: retry, Catch: cleanAfter, Next: 'Is it over?' },
    ),
    'Is it over?': {
      Type: 'Choice',
      Choices: [
        { Variable: '$.followed.told.over', BooleanEquals: true, Next: 'Check' },
        { Variable: '$.followed.told.busy', BooleanEquals: true, Next: 'Follow' },
      ],
      Default: 'Wait',
    },
    Check: act(
      {
        act: 'check',
        'dummies.$': '$.made.told.dummies',
        'tracks.$': '$.followed.told.tracks',
      },
      '$.checked',
      { Retry: retry, Catch: cleanAfter, Next: 'Clean up' },
    ),
  };
}

function cleaning(act) {
  return {
    'Clean up': act({ act: 'clean', 'run.$': '$.run' }, '$.cleaned', {
      Retry: [{ ErrorEquals: ['States.ALL'], IntervalSeconds: 10, MaxAttempts: 5, BackoffRate: 2 }],
      Catch: [{ ErrorEquals: ['States.ALL'], ResultPath: '$.leftOver', Next: 'Not cleaned up' }],
      Next: 'Was it clean?',
    }),
    'Was it clean?': {
      Type: 'Choice',
      Choices: [
        { Variable: '$.problem', IsPresent: true, Next: 'Broken off' },
        { Variable: '$.checked.told.clean', BooleanEquals: true, Next: 'Look back' },
      ],
      Default: 'Something broke',
    },
  };
}

function counting(act, partition) {
  return {
    'Look back': {
      Type: 'Task',
      Resource: `arn:${partition}:states:::aws-sdk:sfn:listExecutions`,
      Parameters: { 'StateMachineArn.$': '$$.StateMachine.Id', MaxResults: 1000 },
      ResultSelector: { 'statuses.$': '$.Executions[*].Status' },
      ResultPath: '$.before',
      Retry: [{ ErrorEquals: ['States.ALL'], IntervalSeconds: 5, MaxAttempts: 3, BackoffRate: 2 }],
      Next: 'Count clean cycles',
    },
    'Count clean cycles': act({ act: 'count', 'statuses.$': '$.before.statuses' }, '$.counted', {
      Retry: retry,
      OutputPath: '$',
      End: true,
    }),
  };
}

/** How it fails, each with what went wrong as its cause. */
const failures = {
  'Something broke': {
    Type: 'Fail',
    Error: 'NotClean',
    CausePath: 'States.JsonToString($.checked.told.cases)',
  },
  'Broken off': {
    Type: 'Fail',
    Error: 'BrokenOff',
    CausePath: 'States.JsonToString($.problem)',
  },
  'Not cleaned up': {
    Type: 'Fail',
    Error: 'NotCleanedUp',
    CausePath: 'States.JsonToString($.leftOver)',
  },
};

/** The definition, for a function's ARN and the partition that it is in. */
function definitionOf(functionArn, partition) {
  const act = acting(functionArn, partition);
  return {
    Comment: 'A drill of Keyturn: docs/drill.md',
    StartAt: 'Usual pace',
    States: {
      ...making(act),
      ...following(act),
      ...cleaning(act),
      ...counting(act, partition),
      ...failures,
    },
  };
}

module.exports = { definitionOf };
