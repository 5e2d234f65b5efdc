/**
 * The form of a fact (fact-json.ts), version 1, as subscribers may rely on it. It is published as
 * JSON Schema: docs/schemas/rotation-fact.v1.schema.json. Within a version fields are added and
 * none is changed or taken away, so what is not named here is allowed.
 */
import * as v from 'valibot';
import { partitions } from '../domain/key.ts';
import { type Outcome, stageNames } from '../domain/stage.ts';

const outcomes: readonly Outcome[] = ['rotated', 'retired', 'already gone', 'exempt', 'abandoned'];

const said = <S extends v.GenericSchema>(form: S, text: string) =>
  v.pipe(form, v.description(text));
const text = (what: string) => said(v.string(), what);
const filled = v.pipe(v.string(), v.minLength(1));
const maybe = <S extends v.GenericSchema>(form: S, what: string) => said(v.nullable(form), what);

const moment = v.pipe(v.string(), v.regex(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/));
const uuid = v.pipe(v.string(), v.regex(/^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/));
const ending = v.pipe(v.string(), v.regex(/^….{1,4}$/));
const deadline = (what: string) => v.optional(said(moment, what));

const deadlines = v.looseObject({
  answerBy: deadline('Put on hold unless approved by then.'),
  due: deadline('A replacement key is issued from then on.'),
  retryAt: deadline('The next attempt to issue one.'),
  deactivateAt: deadline('The old key is deactivated from then on, if nobody uses it.'),
  deleteAt: deadline('The old key is deleted from then on, if nobody used it since.'),
});

export const factSchema = v.looseObject({
  version: said(v.literal(1), 'Of this form.'),
  factId: said(
    v.pipe(v.string(), v.regex(/^[0-9a-f-]{36}\/\d+\/\d+$/)),
    'The same for a fact that is delivered twice.',
  ),
  at: said(moment, 'When it was decided, in UTC.'),
  news: v.optional(text('A whole sentence for people; SNS only.')),
  rotationId: said(uuid, 'Of the rotation.'),
  rotationVersion: said(
    v.pipe(v.number(), v.integer(), v.minValue(1)),
    'Rises with everything that happens to the rotation: of two facts the later one has more.',
  ),
  kind: said(
    v.picklist(['replace', 'retire']),
    'replace: a new key comes first. retire: nobody uses the key, none is needed.',
  ),
  stage: said(v.picklist(stageNames), 'What the rotation is at.'),
  outcome: maybe(v.picklist(outcomes), 'How it ended, at the stage done.'),
  reason: maybe(v.string(), 'Why it waits for people, at the stage held.'),
  partition: said(v.picklist(partitions), 'The AWS partition.'),
  account: said(v.pipe(v.string(), v.regex(/^\d{12}$/)), "The user's account."),
  region: said(filled, 'Where runbooks run and secrets live for this key.'),
  userName: said(filled, 'The IAM user, without its path.'),
  userId: said(filled, 'Its unique id, AIDA….'),
  oldKey: said(ending, 'The end of the old key’s id.'),
  newKey: maybe(ending, 'The end of the new key’s id, once there is one.'),
  secretArn: maybe(
    v.pipe(v.string(), v.regex(/^arn:/)),
    'Where the new key is, once there is one: of a secret, or of a parameter.',
  ),
  owner: maybe(v.string(), 'By name; null if nobody is known.'),
  deadlines: said(deadlines, 'What happens by itself, and when. None while it is held.'),
});

/** As the schema reads it. */
export type FactInSchema = v.InferInput<typeof factSchema>;
