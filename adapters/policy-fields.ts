/**
 * The fields of a policy as the policy file has them, each with its unit, its bounds, and what to
 * do where a value is wrong. They only check: nothing is changed or filled in.
 */
import * as v from 'valibot';
import { furtherPlaceKinds, repositoryForm, secretNameForm } from '../domain/further-place.ts';
import {
  channelAdvice,
  channelForm,
  defaultPolicy,
  healthCheckAdvice,
  healthCheckForm,
  mostCopies,
  ownerAdvice,
  ownerForm,
  type PolicyNumber,
  type PolicyWord,
  pagerDutyAdvice,
  pagerDutyForm,
  policyBounds,
  policyWords,
  regionForm,
} from '../domain/policy.ts';
import { ringAdvice, ringForm } from '../domain/rings.ts';
import { windowProblem } from '../domain/window.ts';
import { parseHours, windowForm } from '../domain/window-text.ts';

const longestText = 400;

/** `whatToDo` ends the sentence "… is …: …"; the description is for editors. */
export function text(whatToDo: string, description: string, form = /\S/) {
  return v.pipe(
    v.string(whatToDo),
    v.regex(form, whatToDo),
    v.maxLength(longestText, `shorten it to ${longestText} characters`),
    v.description(description),
  );
}

const defaultText = (field: keyof typeof defaultPolicy) =>
  `Default: ${JSON.stringify(defaultPolicy[field])}.`;

function number(field: PolicyNumber, description: string) {
  const [least, most] = policyBounds[field];
  const whatToDo = `set it to a number from ${least} to ${most}`;
  return v.optional(
    v.pipe(
      v.number(whatToDo),
      v.integer(`set it to a whole number from ${least} to ${most}`),
      v.minValue(least, whatToDo),
      v.maxValue(most, whatToDo),
      v.description(`${description} ${least} to ${most}. ${defaultText(field)}`),
    ),
  );
}

function word<F extends PolicyWord>(field: F, description: string) {
  const words: readonly string[] = policyWords[field];
  return v.optional(
    v.pipe(
      v.picklist(words, `set it to ${words.slice(0, -1).join(', ')} or ${words.at(-1)}`),
      v.description(`${description} ${defaultText(field)}`),
    ),
  );
}

const windowAdvice = 'write it as mon-fri 02:00-05:00 Europe/Berlin, or any time';

const hours = v.pipe(
  v.string(windowAdvice),
  v.regex(windowForm, windowAdvice),
  v.check(
    (given) => whyClosed([given]) === undefined,
    (issue) => whyClosed([issue.input]) ?? windowAdvice,
  ),
);

const window = v.pipe(
  v.union(
    [
      v.literal('any time'),
      hours,
      v.pipe(
        v.array(hours),
        v.minLength(1, windowAdvice),
        v.maxLength(5, 'list at most 5 windows'),
        v.check(
          (given: string[]) => whyClosed(given) === undefined,
          (issue) => whyClosed(issue.input) ?? windowAdvice,
        ),
      ),
    ],
    windowAdvice,
  ),
  v.description(
    'When keys may be issued or switched off: days, local times and time zone, such as ' +
      '"mon-fri 02:00-05:00 Europe/Berlin"; over midnight where it ends earlier than it begins. ' +
      `Of a list, all must be open. ${defaultText('window')}`,
  ),
);

function whyClosed(given: readonly string[]): string | undefined {
  const read = given.map(parseHours).filter((each) => each !== undefined);
  // What has not the form of a window is told by itself.
  if (read.length < given.length) return undefined;
  return windowProblem(read)?.replace(/^policy\.window(?:\.timeZone)? /, 'it ');
}

const name = text('write the name of somebody among people', 'A name or a Slack user id.');
const approversAdvice = 'list names or Slack user ids from people, or write any';

const regionAdvice = 'set it to a Region such as eu-west-1';
const repositoryAdvice = 'set it to owner/name, without .git or https';
const secretNameAdvice = 'write it in capital letters, digits and underscores, not GITHUB_…';
const copyAdvice =
  'write it as {kind: secrets-manager, region: …}, {kind: parameter-store, region: …} or ' +
  '{kind: github-actions, repository: owner/name}';

interface GivenCopy {
  readonly kind: (typeof furtherPlaceKinds)[number];
  readonly region?: string | undefined;
  readonly repository?: string | undefined;
  readonly accessKeyId?: string | undefined;
  readonly secretAccessKey?: string | undefined;
}

const isOnGitHub = ({ kind }: Pick<GivenCopy, 'kind'>) => kind === 'github-actions';

/** Whether it has only fields of its kind. */
function isOfOneKind(given: GivenCopy): boolean {
  if (isOnGitHub(given)) return given.region === undefined;
  const { repository, accessKeyId, secretAccessKey } = given;
  return [repository, accessKeyId, secretAccessKey].every((each) => each === undefined);
}

const secretNameField = (holds: string, usual: string) =>
  v.optional(
    text(
      secretNameAdvice,
      `Of a repository: the name of the secret for the ${holds}. Default: ${usual}.`,
      secretNameForm,
    ),
  );

const copy = v.pipe(
  v.strictObject(
    {
      kind: v.pipe(
        v.picklist(furtherPlaceKinds, `set it to ${furtherPlaceKinds.join(', ')}`),
        v.description('What keeps the key there.'),
      ),
      region: v.optional(text(regionAdvice, 'Its Region; none for a repository.', regionForm)),
      repository: v.optional(
        text(repositoryAdvice, 'The repository on GitHub, owner/name.', repositoryForm),
      ),
      accessKeyId: secretNameField('access key id', 'AWS_ACCESS_KEY_ID'),
      secretAccessKey: secretNameField('secret access key', 'AWS_SECRET_ACCESS_KEY'),
    },
    copyAdvice,
  ),
  v.forward(
    v.partialCheck(
      [['kind'], ['region']],
      (given) => isOnGitHub(given) || given.region !== undefined,
      regionAdvice,
    ),
    ['region'],
  ),
  v.forward(
    v.partialCheck(
      [['kind'], ['repository']],
      (given) => !isOnGitHub(given) || given.repository !== undefined,
      repositoryAdvice,
    ),
    ['repository'],
  ),
  v.check(isOfOneKind, copyAdvice),
);

/** The fields of a policy: of `defaults` and of every rule. */
export const policyFields = {
  mode: word('mode', 'observe: only tell. approve: ask first. auto: go, inside the window.'),
  staleDays: number('staleDays', 'Days after which a key is stale.'),
  warnDays: number('warnDays', 'Days after which a key is warned of; below staleDays.'),
  graceHours: number('graceHours', 'Hours during which both keys work.'),
  soakHours: number('soakHours', 'Hours during which the old key is off but restorable.'),
  snoozeCapHours: number('snoozeCapHours', 'Hours of all snoozes of one rotation together.'),
  answerDays: number('answerDays', 'Days for an approval; then the rotation is held.'),
  overlapLimitDays: number('overlapLimitDays', 'Days that waiting for quiet may take at most.'),
  exemptDays: number('exemptDays', 'Days for which a person may exempt a key by button; 0: none.'),
  window: v.optional(window),
  selfApproval: v.optional(
    v.pipe(
      v.boolean('set it to true or false'),
      v.description(
        `Whether owners may approve the rotation of their own key. ${defaultText('selfApproval')}`,
      ),
    ),
  ),
  approvers: v.optional(
    v.pipe(
      v.union(
        [v.literal('any'), v.pipe(v.array(name), v.minLength(1, approversAdvice))],
        approversAdvice,
      ),
      v.description(`Who of people may approve here. ${defaultText('approvers')}`),
    ),
  ),
  unused: word('unused', 'What becomes of a stale key that nobody used for 90 days.'),
  privileged: word('privileged', 'Whether keys of privileged users are left alone.'),
  sesSmtp: word('sesSmtp', 'Whether keys of SES SMTP users are left alone.'),
  vault: word('vault', 'Where new keys are kept.'),
  healthCheck: v.optional(
    v.pipe(
      v.nullable(v.pipe(v.string(healthCheckAdvice), v.regex(healthCheckForm, healthCheckAdvice))),
      v.description(
        'The name of a Lambda function, keyturn-health-…, that must pass before consumers read ' +
          'the new key. ' +
          defaultText('healthCheck'),
      ),
    ),
  ),
  copies: v.optional(
    v.pipe(
      v.array(copy, 'list further places for new keys'),
      v.maxLength(mostCopies, `list at most ${mostCopies} places`),
      v.description(`Further places that new keys are written to. ${defaultText('copies')}`),
    ),
  ),
  channel: v.optional(
    text(
      channelAdvice,
      'The id of the Slack channel of those who look after these keys, or default. ' +
        defaultText('channel'),
      channelForm,
    ),
  ),
  pagerDuty: v.optional(
    text(
      pagerDutyAdvice,
      'The name of the PagerDuty routing key of those who look after these keys, or default. ' +
        defaultText('pagerDuty'),
      pagerDutyForm,
    ),
  ),
  owner: v.optional(
    text(
      ownerAdvice,
      'Whose these keys are: one of people, by Slack id, name or address; or tag, where the tag ' +
        `keyturn:owner of each user says it. ${defaultText('owner')}`,
      ownerForm,
    ),
  ),
  ring: v.optional(
    text(
      ringAdvice,
      'The step of the roll-out that these keys belong to, one of rings. Default: the last one.',
      ringForm,
    ),
  ),
};
