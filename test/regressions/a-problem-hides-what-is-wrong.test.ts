/**
 * "account is 111122223333 but detail.awsAccountId is 111122223333: they must agree": a character
 * without a shape made two texts differ, and others turned the sentence round or broke it.
 */
import { expect, test } from 'vitest';
import { eventReader } from '../../adapters/inbound-event.ts';
import { readPolicyFile } from '../../adapters/policy-file.ts';
import { changed } from '../fixtures/events.ts';

const read = eventReader({ partition: 'aws', customAction: 'keyturn' });

test.each([
  ['\u200B', '111122223333\\u{200b}'],
  ['\u202E', '111122223333\\u{202e}'],
  ['\uD800', '111122223333\\u{d800}'],
  ['\n', '111122223333\\u{a}'],
])('in an event, %j is shown by number', (hidden, shown) => {
  const event = changed('config-non-compliant', { 'detail/awsAccountId': `111122223333${hidden}` });
  const inbound = read(event);
  const problems = inbound.kind === 'rejected' ? inbound.problems.join('\n') : '';
  expect(problems).toContain(shown);
});

test('in a policy file too', () => {
  const read = readPolicyFile(
    'defaults: {mode: observe}\npeople: []\n"defaults\u200B": {}\nrules: "\u202Ex"\n',
    'p.yml',
  );
  expect(read).toMatchObject({
    ok: false,
    problems: [expect.stringContaining('defaults\\u{200b}'), expect.stringContaining('\\u{202e}x')],
  });
});
