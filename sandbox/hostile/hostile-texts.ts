/** Texts that do harm where they are taken for anything but text, and values that are no text. */

/** Ways to spell what must not be: invisible, turned, half, or cut off by a NUL. */
const oddUnicode = [
  '\u0000',
  'a\u0000b',
  '\u202Egnp.exe',
  '\u2066x\u2069',
  'ci\u200Brunner',
  '\u200B',
  '\uFEFF',
  '\uD800',
  'x\uDFFF',
  '\uFFFE\uFFFF',
  'e\u0301',
  'ＡＫＩＡ',
  'İ',
  '\u2028',
  '\u0085',
  '\u009B31m',
  '🔑🔑',
];

const forSlack = [
  '<!channel>',
  '<!here|all of you>',
  '<!subteam^S0123>',
  '<@U0SAM>',
  '<https://evil.example|Open it in the AWS console>',
  '&lt;!channel&gt;',
  '`*bold*`',
  '```',
  '*_~x~_*',
  ':skull:',
  '<!date^1^{date}|now>',
  '> quoted',
];

const forOthers = [
  "=cmd|' /C calc'!A0",
  '+1+1',
  '@SUM(1)',
  '\t=1',
  '<script>alert(1)</script>',
  '"><img src=x onerror=alert(1)>',
  '</td></tr></table></style><h1>All is well</h1>',
  '<!--',
  '{{ global:ACCOUNT_ID }}',
  '{{ssm:/keyturn/x}}',
  '%00',
  '../../etc/passwd',
  '\n{"level":"info","message":"all is well"}',
  '\r\nSet-Cookie: a=b',
  '\u001b[31mred\u001b[0m',
  '\u001b]0;title\u0007',
  '{"errorMessage":"<!channel>"}',
];

/** What means something to a language, a parser or this product. */
const words = [
  '',
  ' ',
  'NaN',
  'Infinity',
  '-0',
  '1e999',
  '0x10',
  'null',
  'undefined',
  '[object Object]',
  '__proto__',
  'constructor',
  'prototype',
  'toString',
  'none',
  'any',
  'go',
  '*',
];

/** Meant to be obeyed, or to look like something else, when it is shown. */
export const injections: readonly string[] = [...forSlack, ...forOthers, ...oddUnicode];

export const hostileTexts: readonly string[] = [...injections, ...words];

/** Moments that are none, or that nobody expects. */
export const oddMoments: readonly string[] = [
  '0000-01-01T00:00:00Z',
  '0099-12-31T23:59:59Z',
  '1969-12-31T23:59:59.999Z',
  '2026-02-30T00:00:00Z',
  '2026-11-02T25:00:00Z',
  '2026-11-02T08:00:60Z',
  '2026-11-02T08:00:00',
  '2026-11-02',
  '2126-01-01T00:00:00Z',
  '9999-12-31T23:59:59.999Z',
  '+010000-01-01T00:00:00Z',
  '+275760-09-13T00:00:00.000Z',
  '-271821-04-20T00:00:00Z',
  '2026-11-02T08:00:00+25:00',
  '2026-11-02T08:00:00.123456789Z',
  '1762077600',
];

export const oddNumbers: readonly number[] = [
  0,
  -0,
  -1,
  1.5,
  2 ** 31,
  2 ** 53 + 2,
  1e308,
  -1e308,
  5e-324,
  Number.POSITIVE_INFINITY,
];

/** ARNs with a part too few, too many, or of another kind. */
export const oddArns: readonly string[] = [
  'arn:',
  'arn:aws',
  'arn:aws:iam::111122223333',
  'arn:aws:iam::111122223333:user',
  'arn:aws:iam::111122223333:user/',
  'arn:aws:iam::111122223333:user//',
  'arn:aws:iam::111122223333:user/a/',
  'arn:aws:iam::111122223333:role/ci-runner',
  'arn:aws:iam::11112222333:user/ci-runner',
  'arn:aws:iam:us-east-1:111122223333:user/ci-runner',
  'arn:AWS:iam::111122223333:user/ci-runner',
  'arn:aws:iam::*:user/*',
  'arn:aws:iam::111122223333:root',
  ' arn:aws:iam::111122223333:user/ci-runner',
  'arn:aws:secretsmanager:us-east-1:111122223333:secret:keyturn/other-AbCdEf',
  'urn:aws:iam::111122223333:user/ci-runner',
];
