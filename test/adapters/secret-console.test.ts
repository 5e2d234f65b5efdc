/** Links to a secret in the console of each partition. */
import { expect, test } from 'vitest';
import { secretConsoleUrl } from '../../adapters/secret-console.ts';

const arn = (partition: string, region: string, name = 'keyturn/svc-billing-AbCdEf') =>
  `arn:${partition}:secretsmanager:${region}:111122223333:secret:${name}`;

test.each([
  [arn('aws', 'eu-west-1'), 'https://eu-west-1.console.aws.amazon.com/'],
  [arn('aws-cn', 'cn-north-1'), 'https://cn-north-1.console.amazonaws.cn/'],
  [arn('aws-us-gov', 'us-gov-west-1'), 'https://us-gov-west-1.console.amazonaws-us-gov.com/'],
])('%s', (given, start) => {
  const region = given.split(':')[3];
  const query = `name=keyturn%2Fsvc-billing&region=${region}`;
  expect(secretConsoleUrl(given)).toBe(`${start}secretsmanager/secret?${query}`);
});

test('a name is encoded, so it cannot add to the link', () => {
  expect(secretConsoleUrl(arn('aws', 'eu-west-1', 'a&b=c|d>-AbCdEf'))).toContain(
    'name=a%26b%3Dc%7Cd%3E&region',
  );
});

test.each([
  'none',
  '',
  arn('aws-iso', 'us-iso-east-1'),
  'arn:aws:s3:::bucket',
  arn('aws', 'evil.example/x?'),
])('no link for "%s"', (given) => expect(secretConsoleUrl(given)).toBeUndefined());
