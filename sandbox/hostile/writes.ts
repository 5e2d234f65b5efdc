/** What was called in a sandbox account since some moment, and what of it changed anything. */
import type { Cloud } from '../account/cloud.ts';

type Call = Cloud['history'][number];

/** Operations after which everything is as before. */
const reads = /^(?:Get|List|Describe|Lookup|BatchGet|Simulate|AssumeRole$)/;

/** Calls from there on that are no reads. */
export function writesSince({ history }: Pick<Cloud, 'history'>, from: number): readonly Call[] {
  return history.slice(from).filter(({ operation }) => !reads.test(operation));
}

/** `iam:CreateAccessKey`, for people. */
export function callName({ service, operation }: Call): string {
  return `${service}:${operation}`;
}
