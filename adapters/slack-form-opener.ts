/**
 * Shows people the forms that they asked for, and what is wrong with what they filled in.
 * https://docs.slack.dev/reference/methods/views.open and
 * https://docs.slack.dev/surfaces/modals#displaying_errors (read November 2026)
 */
import type { Forms } from '../domain/forms.ts';
import { type SlackAccess, slackCalls } from './slack-calls.ts';
import { plainText } from './slack-escape.ts';
import { formModal } from './slack-forms.ts';
import { slackLimits } from './slack-limits.ts';

/** A trigger is good once and for 3 s: a call is not made again. */
export function slackFormOpener(access: Omit<SlackAccess, 'retries'>): Forms {
  const call = slackCalls({ ...access, retries: 0 });
  return {
    open: async (triggerId, form, { rotation, place }, now) => {
      const view = formModal(form, rotation, place, now);
      const tried = `show the form "${form}" of rotation ${rotation.id}`;
      await call(tried, 'views.open', { trigger_id: triggerId, view });
    },
  };
}

/** The answer to a form that stays open, with the problem under one of its fields. */
export function slackFieldError(field: string, problem: string): string {
  const text = plainText(problem, slackLimits.fieldError);
  return JSON.stringify({ response_action: 'errors', errors: { [field]: text } });
}
