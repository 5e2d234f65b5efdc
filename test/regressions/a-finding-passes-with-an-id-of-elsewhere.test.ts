/**
 * The id of a finding was held against the rest only where it was an ARN of Security Hub in lower
 * case: one of another account by an ARN of another service passed, and one of partition `AWS`.
 */
import { expect, test } from 'vitest';
import { eventReader } from '../../adapters/inbound-event.ts';
import { changed } from '../fixtures/events.ts';

const read = eventReader({ partition: 'aws', customAction: 'keyturn' });

test.each([
  [
    'hub-fsbp',
    'Id',
    'arn:aws:iam::444455556666:user/ci-runner',
    /account in .*Id is "444455556666"/,
  ],
  ['hub-fsbp', 'Id', 'arn:AWS:iam::111122223333:user/ci-runner', /Id is in partition AWS/],
  ['hub-v2', 'finding_info/uid', 'arn:aws:iam::444455556666:user/x', /"444455556666": they must/],
  ['hub-v2', 'finding_info/uid', 'arn:Aws:iam::111122223333:user/x', /in partition Aws/],
])('%s with %s %s', (name, field, id, expected) => {
  const inbound = read(changed(name, { [`detail/findings/0/${field}`]: id }));
  expect(inbound).toMatchObject({
    kind: 'findings',
    reports: [],
    rejected: [{ problems: [expect.stringMatching(expected)] }],
  });
});
