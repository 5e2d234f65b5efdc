/**
 * A form as Slack sends it once it is filled in.
 * https://docs.slack.dev/reference/interaction-payloads/view-interactions-payload (November 2026)
 */
import * as v from 'valibot';
import { fromMillis } from '../domain/instant.ts';
import { type Parsed, parsed, refused } from '../domain/parsed.ts';
import type { FormName } from '../domain/press.ts';
import type { Filled, SentForm } from '../domain/requests.ts';
import { oneLine } from './cut-text.ts';
import { formOf } from './slack-buttons.ts';
import { fieldsOf, readPrivateMetadata } from './slack-forms.ts';
import { slackId, teamOf, teams } from './slack-ids.ts';
import { slackLimits } from './slack-limits.ts';

export const submissionSchema = v.looseObject({
  type: v.literal('view_submission'),
  api_app_id: slackId,
  ...teams,
  user: v.looseObject({ id: slackId }),
  view: v.looseObject({
    type: v.literal('modal'),
    callback_id: v.string(),
    private_metadata: v.string(),
    state: v.looseObject({ values: v.record(v.string(), v.record(v.string(), v.unknown())) }),
  }),
});

const picked = v.looseObject({
  type: v.literal('datetimepicker'),
  // Ten digits, as Slack's picker knows them.
  selected_date_time: v.pipe(
    v.number(),
    v.integer(),
    v.minValue(1_000_000_000),
    v.maxValue(9_999_999_999),
  ),
});

const selected = v.looseObject({
  type: v.literal('users_select'),
  selected_user: v.nullish(slackId),
});

const typed = v.looseObject({
  type: v.literal('plain_text_input'),
  value: v.nullish(v.pipe(v.string(), v.maxLength(slackLimits.inputText))),
});

/** The form, or everything wrong with it. No problem quotes what was filled in. */
export function submitted(payload: v.InferOutput<typeof submissionSchema>): Parsed<SentForm> {
  const { view } = payload;
  const form = formOf(view.callback_id);
  const about = readPrivateMetadata(view.private_metadata);
  const teamId = teamOf(payload);
  const filled = form === undefined ? undefined : filledIn(form, view.state.values);
  const problems = [
    ...(form === undefined ? ['view.callback_id is none of Keyturn’s forms'] : []),
    ...(about === undefined ? ['view.private_metadata names no rotation and message'] : []),
    ...(teamId === undefined ? ['neither team nor enterprise is named'] : []),
    ...(filled?.ok === false ? filled.problems : []),
  ];
  if (about === undefined || teamId === undefined || filled?.ok !== true) {
    return refused(...problems);
  }
  return parsed({
    sent: 'form',
    appId: payload.api_app_id,
    teamId,
    slackUserId: payload.user.id,
    ...about,
    filled: filled.value,
  });
}

type Values = v.InferOutput<typeof submissionSchema>['view']['state']['values'];

function filledIn(form: FormName, values: Values): Parsed<Filled> {
  const field = (name: string) => values[name]?.[name];
  const moment = v.safeParse(picked, field('until'));
  const person = v.safeParse(selected, field('owner'));
  const reason = v.safeParse(typed, field('reason'));
  const wrong = refused(
    ...fieldsOf[form]
      .filter((name) => !{ until: moment, owner: person, reason }[name].success)
      .map((name) => `view.state.values.${name} is missing or not as Slack sends it`),
  );
  if (form === 'not mine') {
    if (!person.success) return wrong;
    return parsed({ form, namedId: person.output.selected_user ?? null });
  }
  if (!moment.success) return wrong;
  const until = fromMillis(moment.output.selected_date_time * 1000);
  if (form === 'snooze until') return parsed({ form, until });
  return reason.success
    ? parsed({ form, until, reason: oneLine(reason.output.value ?? '').trim() })
    : wrong;
}
