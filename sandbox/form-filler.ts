/**
 * Fills in a form and sends it, as Slack's own client does: what it would not let anybody send,
 * cannot be sent here. Everything but the answers is read from the form as it is shown.
 */
import { toMillis } from '../domain/instant.ts';
import { type Finger, type HttpEvent, signed } from './clicker.ts';
import type { ShownView } from './slack-rules.ts';
import { triggerFor } from './slack-trigger.ts';
import type { ShownModal } from './slack-views.ts';

type Input = Extract<ShownView['blocks'][number], { type: 'input' }>;

/** By the block of each field: a text, a moment in seconds since 1970, a Slack id, or nothing. */
export type Answers = Readonly<Record<string, string | number | null>>;

/** Throws if an answer has no field, or is none that the field takes. */
export function submit({ view }: ShownModal, answers: Answers, finger: Finger): HttpEvent {
  const fields = view.blocks.filter((block): block is Input => block.type === 'input');
  const strange = Object.keys(answers).find(
    (name) => !fields.some((each) => each.block_id === name),
  );
  if (strange !== undefined) throw new Error(`the form has no field "${strange}"`);
  const values = Object.fromEntries(
    fields.map((field) => [
      field.block_id,
      { [field.element.action_id]: filledWith(field, answers[field.block_id]) },
    ]),
  );
  const body = { payload: JSON.stringify(submission(view, values, finger)) };
  return signed(new URLSearchParams(body).toString(), finger);
}

function filledWith({ block_id, element, optional }: Input, given: Answers[string] | undefined) {
  const isEmpty = given === undefined || given === null || given === '';
  switch (element.type) {
    case 'datetimepicker': {
      const picked = isEmpty ? element.initial_date_time : given;
      if (typeof picked === 'number' && Number.isInteger(picked)) {
        return { type: element.type, selected_date_time: picked };
      }
      break;
    }
    case 'users_select':
      if (isEmpty && optional) return { type: element.type, selected_user: null };
      if (typeof given === 'string' && !isEmpty)
        return { type: element.type, selected_user: given };
      break;
    case 'plain_text_input':
      if (isEmpty && optional) return { type: element.type, value: null };
      if (typeof given === 'string' && !isEmpty && given.length <= (element.max_length ?? 3000)) {
        return { type: element.type, value: given };
      }
      break;
  }
  throw new Error(`the field "${block_id}" does not take ${JSON.stringify(given)}`);
}

/** https://docs.slack.dev/reference/interaction-payloads/view-interactions-payload */
function submission(view: ShownView, values: object, finger: Finger): object {
  const { slackUserId, appId, teamId, now } = finger;
  return {
    type: 'view_submission',
    team: { id: teamId, domain: 'sandbox' },
    user: { id: slackUserId, username: 'somebody', name: 'somebody', team_id: teamId },
    api_app_id: appId,
    trigger_id: triggerFor(toMillis(now), slackUserId, JSON.stringify(values)),
    view: {
      id: 'V0SANDBOX',
      team_id: teamId,
      ...view,
      hash: '1.sandbox',
      state: { values },
      root_view_id: 'V0SANDBOX',
      app_id: appId,
      bot_id: 'B0KEYTURN',
    },
    response_urls: [],
    enterprise: null,
    is_enterprise_install: false,
  };
}
