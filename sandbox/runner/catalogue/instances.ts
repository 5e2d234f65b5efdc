/**
 * Actions on EC2 instances and on what runs on them.
 * https://docs.aws.amazon.com/systems-manager/latest/userguide/automation-action-changestate.html
 * https://docs.aws.amazon.com/systems-manager/latest/userguide/automation-action-runinstance.html
 * https://docs.aws.amazon.com/systems-manager/latest/userguide/automation-action-runcommand.html
 * https://docs.aws.amazon.com/systems-manager/latest/userguide/automation-action-createtag.html
 * (2026-11)
 */
import {
  type Catalogue,
  flag,
  map,
  maps,
  neededText,
  neededTexts,
  text,
  texts,
  usual,
} from './entry.ts';

const count = { type: 'Integer', least: 1 } as const;

export const instances: Catalogue = {
  'aws:changeInstanceState': {
    ...usual,
    inputs: {
      InstanceIds: neededTexts,
      CheckStateOnly: flag,
      DesiredState: { ...neededText, values: ['running', 'stopped', 'terminated'] },
      Force: flag,
      AdditionalInfo: text,
    },
  },
  'aws:runInstances': {
    ...usual,
    inputs: {
      ImageId: neededText,
      InstanceType: text,
      MinInstanceCount: count,
      MaxInstanceCount: count,
      AdditionalInfo: text,
      BlockDeviceMappings: maps,
      ClientToken: text,
      DisableApiTermination: flag,
      EbsOptimized: flag,
      IamInstanceProfileArn: text,
      IamInstanceProfileName: text,
      InstanceInitiatedShutdownBehavior: text,
      KernelId: text,
      KeyName: text,
      Monitoring: flag,
      NetworkInterfaces: maps,
      Placement: map,
      PrivateIpAddress: text,
      RamdiskId: text,
      SecurityGroupIds: texts,
      SecurityGroups: texts,
      SubnetId: text,
      TagSpecifications: maps,
      UserData: { type: 'String', foreign: true },
    },
    outputs: ['InstanceIds', 'InstanceStates'],
    followsCancel: false,
  },
  'aws:runCommand': {
    ...usual,
    inputs: {
      DocumentName: neededText,
      InstanceIds: { type: 'StringList', longest: 50 },
      Targets: maps,
      Parameters: map,
      CloudWatchOutputConfig: map,
      Comment: text,
      DocumentHash: text,
      DocumentHashType: { type: 'String', values: ['Sha256', 'Sha1'] },
      DocumentVersion: text,
      MaxConcurrency: text,
      MaxErrors: text,
      NotificationConfig: { type: 'any' },
      OutputS3BucketName: text,
      OutputS3KeyPrefix: text,
      ServiceRoleArn: text,
      TimeoutSeconds: { type: 'Integer', least: 1 },
    },
    outputs: ['CommandId', 'Status', 'ResponseCode', 'Output'],
    oneOf: [['InstanceIds', 'Targets']],
  },
  'aws:createTags': {
    ...usual,
    inputs: {
      ResourceIds: neededTexts,
      Tags: { type: 'MapList', required: true },
      ResourceType: {
        type: 'String',
        values: ['EC2', 'ManagedInstance', 'MaintenanceWindow', 'Parameter'],
      },
    },
    followsCancel: false,
  },
};
