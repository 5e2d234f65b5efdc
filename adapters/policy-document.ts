/**
 * Policy documents as IAM's API gives them: JSON, percent-encoded after RFC 3986. What the grammar
 * does not know is refused: nobody is called unprivileged by a policy that is not understood.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html (2026-11)
 */
import * as v from 'valibot';
import { messageOf } from '../domain/errors.ts';
import { type Parsed, parsed, refused } from '../domain/parsed.ts';
import type { Patterns, PolicyDocument, Statement } from '../domain/policy-document.ts';
import { problemsOf } from './problems.ts';

const oneOrMore = (each: v.GenericSchema<string>) =>
  v.union([each, v.array(each)], 'a text or a list of texts');

/**
 * `service:action`, with wildcards anywhere, or `*` alone. IAM knows no list of actions: whatever
 * else a name holds is compared letter by letter.
 */
const action = v.pipe(
  v.string('an action'),
  v.regex(/^(\*|[^\s:]+:[^\s:]+)$/, 'an action, e.g. s3:GetObject'),
);
const resource = v.pipe(v.string('a resource'), v.nonEmpty('the ARN of a resource, or *'));

const statement = v.pipe(
  v.strictObject(
    {
      Sid: v.optional(v.string('a text')),
      Effect: v.picklist(['Allow', 'Deny'], 'Allow or Deny'),
      Action: v.optional(oneOrMore(action)),
      NotAction: v.optional(oneOrMore(action)),
      Resource: v.optional(oneOrMore(resource)),
      NotResource: v.optional(oneOrMore(resource)),
      Condition: v.optional(v.record(v.string(), v.unknown(), 'conditions')),
    },
    'a statement of Sid, Effect, (Not)Action, (Not)Resource and Condition alone',
  ),
  v.check(
    (given) => (given.Action === undefined) !== (given.NotAction === undefined),
    'a statement with either Action or NotAction',
  ),
  v.check(
    (given) => (given.Resource === undefined) !== (given.NotResource === undefined),
    'a statement with either Resource or NotResource',
  ),
);

const document = v.strictObject(
  {
    Version: v.optional(v.picklist(['2012-10-17', '2008-10-17'], '2012-10-17 or 2008-10-17')),
    Id: v.optional(v.string('a text')),
    Statement: v.union([statement, v.array(statement)], 'a statement or a list of statements'),
  },
  'a policy document of Version, Id and Statement alone',
);

/** The document, or everything wrong with it; `what` names the policy. */
export function readPolicyDocument(
  encoded: string | undefined,
  what: string,
): Parsed<PolicyDocument> {
  if (encoded === undefined || encoded === '') return refused(`${what} has no document`);
  const json = decoded(encoded);
  if (!json.ok) return refused(...json.problems.map((problem) => `${what}: ${problem}`));
  const read = v.safeParse(document, json.value);
  if (!read.success) {
    return refused(...problemsOf(document, json.value, `the document of ${what}`));
  }
  const { Statement: given } = read.output;
  return parsed({ statements: (Array.isArray(given) ? given : [given]).map(statementFrom) });
}

function decoded(encoded: string): Parsed<unknown> {
  try {
    return parsed(JSON.parse(decodeURIComponent(encoded)));
  } catch (error) {
    return refused(`its document is no percent-encoded JSON (${messageOf(error)})`);
  }
}

function statementFrom(given: v.InferOutput<typeof statement>): Statement {
  return {
    effect: given.Effect,
    actions: patternsOf(given.Action, given.NotAction),
    resources: patternsOf(given.Resource, given.NotResource),
  };
}

type Given = string | readonly string[] | undefined;

function patternsOf(listed: Given, allBut: Given): Patterns {
  return listed === undefined
    ? { are: 'all but', patterns: [allBut ?? []].flat() }
    : { are: 'listed', patterns: [listed].flat() };
}
