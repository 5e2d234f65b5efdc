/**
 * Actions on machine images and CloudFormation stacks.
 * https://docs.aws.amazon.com/systems-manager/latest/userguide/automation-action-copyimage.html
 * https://docs.aws.amazon.com/systems-manager/latest/userguide/automation-action-create.html
 * https://docs.aws.amazon.com/systems-manager/latest/userguide/automation-action-delete.html
 * https://docs.aws.amazon.com/systems-manager/latest/userguide/automation-action-createstack.html
 * https://docs.aws.amazon.com/systems-manager/latest/userguide/automation-action-deletestack.html
 * (2026-11)
 */
import { type Catalogue, flag, maps, neededText, text, texts, usual } from './entry.ts';

const foreignText = { type: 'String', foreign: true } as const;

export const imagesAndStacks: Catalogue = {
  'aws:copyImage': {
    ...usual,
    inputs: {
      SourceRegion: neededText,
      SourceImageId: neededText,
      ImageName: neededText,
      ImageDescription: text,
      Encrypted: flag,
      KmsKeyId: text,
      ClientToken: text,
    },
    outputs: ['ImageId', 'ImageState'],
    followsCancel: false,
  },
  'aws:createImage': {
    ...usual,
    inputs: {
      InstanceId: neededText,
      ImageName: neededText,
      ImageDescription: text,
      NoReboot: flag,
      // The page says Map, the API behind it a list of maps.
      BlockDeviceMappings: { type: 'any' },
    },
    outputs: ['ImageId', 'ImageState'],
    followsCancel: false,
  },
  'aws:deleteImage': { ...usual, inputs: { ImageId: neededText }, others: 'refused' },
  'aws:createStack': {
    ...usual,
    inputs: {
      StackName: neededText,
      Capabilities: {
        type: 'StringList',
        values: ['CAPABILITY_IAM', 'CAPABILITY_NAMED_IAM', 'CAPABILITY_AUTO_EXPAND'],
      },
      ClientRequestToken: text,
      DisableRollback: flag,
      NotificationARNs: { type: 'StringList', longest: 5 },
      OnFailure: { type: 'String', values: ['DO_NOTHING', 'ROLLBACK', 'DELETE'] },
      Parameters: maps,
      ResourceTypes: texts,
      RoleARN: text,
      StackPolicyBody: foreignText,
      StackPolicyURL: text,
      Tags: maps,
      TemplateBody: foreignText,
      TemplateURL: text,
      TimeoutInMinutes: { type: 'Integer', least: 1 },
    },
    outputs: ['StackId', 'StackStatus', 'StackStatusReason'],
    oneOf: [['TemplateBody', 'TemplateURL']],
    notBoth: [
      ['TemplateBody', 'TemplateURL'],
      ['StackPolicyBody', 'StackPolicyURL'],
      ['DisableRollback', 'OnFailure'],
    ],
    followsCancel: false,
  },
  'aws:deleteStack': {
    ...usual,
    inputs: {
      StackName: neededText,
      ClientRequestToken: text,
      RoleARN: text,
      'RetainResources.member.N': texts,
    },
  },
};
