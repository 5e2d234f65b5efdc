/** Forms and Home tabs on a laptop, as Slack shows them to one person each. */
import { type Instant, toMillis } from '../domain/instant.ts';
import { ruleHome, ruleView, type ShownBlock, type ShownView } from './slack-rules.ts';
import { readTrigger } from './slack-trigger.ts';

/** A form that somebody has before them. */
export interface ShownModal {
  readonly slackUserId: string;
  readonly openedAt: Instant;
  readonly view: ShownView;
}

type Answer = { readonly ok: boolean; readonly error?: string } & Record<string, unknown>;
type Arguments = ReadonlyMap<string, string>;

export interface Views {
  /** A trigger is good once, and for 3 s. https://docs.slack.dev/reference/methods/views.open */
  open(given: Arguments): Answer;
  /** https://docs.slack.dev/reference/methods/views.publish */
  publish(given: Arguments): Answer;
  /** Every form that was shown, oldest first. */
  modals(): readonly ShownModal[];
  /** What a person's Home tab shows; undefined while nothing was published. */
  home(slackUserId: string): readonly ShownBlock[] | undefined;
}

export function views(clock: () => Instant): Views {
  const modals: ShownModal[] = [];
  const triggers = new Set<string>();
  const homes = new Map<string, readonly ShownBlock[]>();
  return {
    open: (given) => {
      const trigger = given.get('trigger_id') ?? '';
      const known = readTrigger(trigger);
      if (known === undefined) return no('invalid_trigger_id');
      const openedAt = clock();
      if (toMillis(openedAt) - known.atMillis > 3000) return no('expired_trigger_id');
      if (triggers.has(trigger)) return no('exchanged_trigger_id');
      const ruling = ruleView(given.get('view'));
      if (!ruling.ok) return no(ruling.error, ruling.messages);
      triggers.add(trigger);
      modals.push({ slackUserId: known.slackUserId, openedAt, view: ruling.view });
      return { ok: true, view: { id: `V${modals.length}`, ...ruling.view } };
    },
    publish: (given) => {
      const user = given.get('user_id') ?? '';
      if (!/^[UW][A-Z0-9]{2,31}$/u.test(user)) return no('user_not_found');
      const ruling = ruleHome(given.get('view'));
      if (!ruling.ok) return no(ruling.error, ruling.messages);
      homes.set(user, ruling.blocks);
      return { ok: true, view: { type: 'home', id: `V0${user}` } };
    },
    modals: () => [...modals],
    home: (slackUserId) => homes.get(slackUserId),
  };
}

function no(error: string, messages: readonly string[] = []): Answer {
  return { ok: false, error, ...(messages.length > 0 ? { response_metadata: { messages } } : {}) };
}
