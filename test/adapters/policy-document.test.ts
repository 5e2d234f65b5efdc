/** Policy documents as IAM sends them: read whole, or refused with every fault and the name. */
import { describe, expect, it } from 'vitest';
import { readPolicyDocument } from '../../adapters/policy-document.ts';

const what = 'policy p of user u';
const read = (document: unknown) =>
  readPolicyDocument(encodeURIComponent(JSON.stringify(document)), what);
const statement = { Effect: 'Allow', Action: 's3:*', Resource: '*' };

describe('a document', () => {
  it('is read with lists and single texts alike', () => {
    const document = {
      Version: '2012-10-17',
      Id: 'x',
      Statement: [
        { Sid: '1', ...statement, Condition: { Bool: { 'aws:MultiFactorAuthPresent': 'true' } } },
        { Effect: 'Deny', NotAction: ['iam:*', 'sts:Get*'], NotResource: ['arn:aws:s3:::ä b/+'] },
      ],
    };
    expect(read(document)).toEqual({
      ok: true,
      value: {
        statements: [
          {
            effect: 'Allow',
            actions: { are: 'listed', patterns: ['s3:*'] },
            resources: { are: 'listed', patterns: ['*'] },
          },
          {
            effect: 'Deny',
            actions: { are: 'all but', patterns: ['iam:*', 'sts:Get*'] },
            resources: { are: 'all but', patterns: ['arn:aws:s3:::ä b/+'] },
          },
        ],
      },
    });
  });

  it.each(['*', '*:*', 's3-object-lambda:Get*', 'apigateway:GET', 'new_service:Do-It/Now'])(
    'may speak of %s',
    (Action) => {
      expect(read({ Statement: { ...statement, Action } })).toMatchObject({
        ok: true,
        value: { statements: [{ actions: { patterns: [Action] } }] },
      });
    },
  );

  it('may have one statement without a list, and no version', () => {
    expect(read({ Statement: statement })).toMatchObject({
      ok: true,
      value: { statements: [{ effect: 'Allow' }] },
    });
  });
});

describe('a document that is not understood', () => {
  it.each<[string, unknown]>([
    ['no statement', { Version: '2012-10-17' }],
    ['another version', { Version: '2027-01-01', Statement: [statement] }],
    ['an unknown element', { Statement: [statement], Grant: 'all' }],
    ['an unknown element of a statement', { Statement: [{ ...statement, Allow: '*' }] }],
    ['an element in lower case', { Statement: [{ ...statement, action: 'iam:*' }] }],
    ['another effect', { Statement: [{ ...statement, Effect: 'allow' }] }],
    ['no action', { Statement: [{ Effect: 'Allow', Resource: '*' }] }],
    ['both kinds of action', { Statement: [{ ...statement, NotAction: 'iam:*' }] }],
    ['both kinds of resource', { Statement: [{ ...statement, NotResource: '*' }] }],
    ['no resource', { Statement: [{ Effect: 'Allow', Action: '*' }] }],
    ['what is no action', { Statement: [{ ...statement, Action: ['s3:*', 'everything'] }] }],
    ['two actions in one text', { Statement: [{ ...statement, Action: 's3:Get* iam:*' }] }],
    ['an action without a service', { Statement: [{ ...statement, Action: ':x' }] }],
    ['an action that is no text', { Statement: [{ ...statement, Action: [1] }] }],
    ['a list', [statement]],
    ['null', null],
  ])('%s is refused by its name', (_what, document) => {
    const answer = read(document);
    expect(answer).toMatchObject({ ok: false });
    if (!answer.ok) expect(answer.problems.join('; ')).toContain(what);
  });

  it.each([
    ['nothing', undefined, 'has no document'],
    ['an empty text', '', 'has no document'],
    ['no JSON', '%7B', 'no percent-encoded JSON'],
    ['no percent-encoding', '{"Statement":[]}%', 'no percent-encoded JSON'],
  ])('%s', (_what, text, problem) => {
    const answer = readPolicyDocument(text, what);
    expect(answer).toMatchObject({ ok: false, problems: [expect.stringContaining(problem)] });
    expect(answer).toMatchObject({ problems: [expect.stringContaining(what)] });
  });
});
