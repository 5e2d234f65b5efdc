/**
 * What AWS Config would say of a dummy, put where EventBridge puts it: into the queue of what comes
 * in. Nobody can send an event in Config's name through EventBridge itself, and no rule of Config's
 * finds a key of today too old.
 * https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutEvents.html (2026-11)
 */
import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import type { Clock, Ids, Place } from '../domain/ports.ts';
import { type AwsConnection, connect } from './aws-connection.ts';
import { fromAws } from './aws-error.ts';

export function drillReporter(
  connection: AwsConnection,
  { account, region, partition }: Place,
  queueUrl: string,
  { clock, ids }: { readonly clock: Pick<Clock, 'now'>; readonly ids: Pick<Ids, 'uuid'> },
): (userId: string) => Promise<void> {
  const sqs = connect(SQSClient, connection);
  return async (userId) => {
    const at = clock.now();
    const evaluation = {
      evaluationResultIdentifier: {
        evaluationResultQualifier: {
          configRuleName: 'access-keys-rotated',
          resourceType: 'AWS::IAM::User',
          resourceId: userId,
          evaluationMode: 'DETECTIVE',
        },
        orderingTimestamp: at,
      },
      complianceType: 'NON_COMPLIANT',
      resultRecordedTime: at,
      configRuleInvokedTime: at,
    };
    const event = {
      version: '0',
      id: ids.uuid(`${userId} ${at}`),
      'detail-type': 'Config Rules Compliance Change',
      source: 'aws.config',
      account,
      time: at,
      region,
      resources: [],
      detail: {
        resourceId: userId,
        resourceType: 'AWS::IAM::User',
        awsRegion: region,
        awsAccountId: account,
        configRuleName: 'access-keys-rotated',
        configRuleARN: `arn:${partition}:config:${region}:${account}:config-rule/keyturn-drill`,
        recordVersion: '1.0',
        messageType: 'ComplianceChangeNotification',
        newEvaluationResult: evaluation,
        notificationCreationTime: at,
      },
    };
    const message = { QueueUrl: queueUrl, MessageBody: JSON.stringify(event) };
    await sqs.send(new SendMessageCommand(message)).catch((error: unknown) => {
      throw fromAws(`reporting dummy ${userId}`, error);
    });
  };
}
