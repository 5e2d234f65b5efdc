/**
 * Actions that wait, for people or for time.
 * https://docs.aws.amazon.com/systems-manager/latest/userguide/automation-action-approve.html
 * https://docs.aws.amazon.com/systems-manager/latest/userguide/automation-action-pause.html
 * https://docs.aws.amazon.com/systems-manager/latest/userguide/automation-action-sleep.html
 * (2026-11)
 */
import { type Catalogue, neededTexts, text, usual } from './entry.ts';

export const waiting: Catalogue = {
  'aws:approve': {
    ...usual,
    inputs: {
      NotificationArn: text,
      Message: { type: 'String', longest: 4096 },
      MinRequiredApprovals: { type: 'Integer', least: 1 },
      Approvers: { ...neededTexts, longest: 10 },
    },
    others: 'refused',
    outputs: ['ApprovalStatus', 'ApproverDecisions'],
    followsCancel: false,
    longestSeconds: 2_592_000,
  },
  'aws:pause': {
    ...usual,
    inputs: {},
    others: 'refused',
    selects: false,
    followsCancel: false,
    longestSeconds: 2_592_000,
  },
  'aws:sleep': {
    ...usual,
    inputs: { Duration: text, Timestamp: text },
    others: 'refused',
    selects: false,
    oneOf: [['Duration', 'Timestamp']],
    followsCancel: false,
  },
};
