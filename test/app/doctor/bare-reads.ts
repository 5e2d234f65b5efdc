/** An account in which nothing is, and everything may be read. */
import type { AccountReads, Answer } from '../../../domain/account-reads.ts';

const place = { partition: 'aws', account: '', region: 'us-east-1' } as const;
const answer =
  <T>(value: T) =>
  async (): Promise<Answer<T>> => ({ read: true, value });
/** Whoever asks is refused. */
export const denied = (action: string) => async (): Promise<Answer<never>> => ({
  read: false,
  action,
  denied: true,
  problem: `${action}: no`,
});

export const bareReads: AccountReads = {
  place,
  caller: answer({
    partition: 'aws',
    account: '111122223333',
    arn: 'arn:aws:iam::111122223333:root',
  }),
  recorder: answer(null),
  keyAgeRules: answer([]),
  standards: answer(null),
  control: answer(false),
  securityHubV2: answer(false),
  lambdaConcurrency: answer(10),
  adaptiveAutomation: answer(false),
  unitsOf: answer(null),
  connections: answer(null),
  routingKeyNames: answer(null),
  parameter: answer(null),
  role: answer(null),
  lambda: answer(null),
  apiOf: answer(null),
  askTrail: denied('logs:StartQuery'),
  document: answer(null),
  queue: answer(null),
  table: answer(null),
};
