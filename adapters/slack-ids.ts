/** Who and where, as every payload of Slack names it. */
import * as v from 'valibot';

/** The id of an app, a person, a channel or a workspace. */
export const slackId = v.pipe(v.string(), v.regex(/^[A-Z0-9]{3,32}$/u));

const holder = v.looseObject({ id: slackId });

/** The workspace; the organisation if the app is installed on that. */
export const teams = { team: v.nullish(holder), enterprise: v.nullish(holder) };

/** Undefined if neither is named. */
export function teamOf(payload: {
  readonly team?: { readonly id: string } | null | undefined;
  readonly enterprise?: { readonly id: string } | null | undefined;
}): string | undefined {
  return payload.team?.id ?? payload.enterprise?.id;
}
