/** Every shape of input that the hunt plays. */
import type { Shape } from '../shape.ts';
import { custodianShape, witnessShape } from './beside-the-keys.ts';
import { deliveryShape } from './deliveries.ts';
import { eventShapes, neighbourShape } from './events.ts';
import { publishedShape, shownRunShape } from './far-end.ts';
import { pagerDutyRequestShape } from './pagerduty-requests.ts';
import { orderShape, questionShape } from './payloads.ts';
import { policyFileShape, policyTextShape } from './policy-files.ts';
import { pressShape } from './presses.ts';
import { evidenceShape, runShape } from './results.ts';
import { shownShape } from './shown.ts';
import { slackCommandShape, slackEventShape } from './slack-inquiries.ts';
import { slackFormShape, slackRequestShape } from './slack-requests.ts';
import { tagShape } from './tags.ts';
import { writtenShape } from './written.ts';

export const shapes: readonly Shape[] = [
  ...eventShapes,
  neighbourShape,
  slackRequestShape,
  orderShape,
  questionShape,
  runShape,
  shownRunShape,
  evidenceShape,
  tagShape,
  policyFileShape,
  policyTextShape,
  shownShape,
  publishedShape,
  deliveryShape,
  pressShape,
  custodianShape,
  witnessShape,
  pagerDutyRequestShape,
  slackFormShape,
  slackCommandShape,
  slackEventShape,
  writtenShape,
];
