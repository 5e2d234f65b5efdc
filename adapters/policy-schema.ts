/**
 * The policy file's form. Editors get the same as JSON Schema (infra/policy.schema.json). It only
 * checks: nothing is changed or filled in.
 */
import * as v from 'valibot';
import { exemptionDatesProblem } from '../domain/exemption.ts';
import { parseInstant } from '../domain/instant.ts';
import { roles } from '../domain/people.ts';
import { mostRings, ringAdvice, ringForm } from '../domain/rings.ts';
import { accountForm, uniqueIdForm, userNameForm } from './iam-user-arn.ts';
import { policyFields, text } from './policy-fields.ts';

/** An IAM path below the root: https://docs.aws.amazon.com/IAM/latest/APIReference/API_User.html */
const pathForm = /^\/(?:[\x21-\x2e\x30-\x7e]+\/)+$/;
/** https://docs.aws.amazon.com/organizations/latest/APIReference/API_ListParents.html (2026-11) */
const unitForm = /^(?:r-[0-9a-z]{4,32}|ou-[0-9a-z]{4,32}-[0-9a-z]{8,32})$/;
const slackUserForm = /^[UW][A-Z0-9]+$/;

const day = '\\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\\d|3[01])';
const time = '\\d{2}:\\d{2}(?::\\d{2})?(?:Z|[+-]\\d{2}:\\d{2})';
/** A day (its start in UTC) or a moment with a zone. */
const momentForm = new RegExp(`^${day}(?:T${time})?$`);

const account = v.pipe(
  v.string('write the account id in quotes, with all 12 digits'),
  v.regex(accountForm, 'write the account id in quotes, with all 12 digits'),
);

const path = text(
  'write it as /team/, with a slash at both ends',
  'Users at or below this IAM path, such as /ci/.',
  pathForm,
);

const match = v.pipe(
  v.strictObject(
    {
      unit: v.optional(
        text(
          'set it to an id such as ou-ab12-cdefgh34 or r-ab12',
          'The id of an organizational unit or root; accounts anywhere below it count.',
          unitForm,
        ),
      ),
      accounts: v.optional(
        v.pipe(
          v.array(account, 'list account ids in quotes'),
          v.minLength(1, 'list account ids in quotes'),
          v.description('Account ids, in quotes.'),
        ),
      ),
      path: v.optional(path),
    },
    'say whom the rule is for: unit, accounts or path',
  ),
  v.minEntries(1, 'name a unit, accounts or a path; what holds for all belongs into defaults'),
  v.description('Whom the rule is for: users that match all that is named.'),
);

export const ruleSchema = v.pipe(
  v.strictObject({ match, ...policyFields }, 'write it as match: … and the fields to set'),
  v.minEntries(2, 'set at least one field beside match, or remove the rule'),
);

const moment = (description: string) =>
  v.pipe(
    text('write it as 2026-12-31 or 2026-12-31T18:00:00Z', description, momentForm),
    v.check(
      (given) => parseMoment(given) !== undefined,
      'write it as 2026-12-31 or 2026-12-31T18:00:00Z, a day that there is',
    ),
  );

/** A day is its first moment in UTC. */
export function parseMoment(given: string) {
  return parseInstant(given.includes('T') ? given : `${given}T00:00:00Z`);
}

const whom = ['user', 'path', 'uniqueId'] as const;

export const exemptionSchema = v.pipe(
  v.strictObject(
    {
      account: v.pipe(account, v.description("The user's account id, in quotes.")),
      user: v.optional(text('write the name of an IAM user', 'A user name.', userNameForm)),
      path: v.optional(path),
      uniqueId: v.optional(
        text('write an id that begins with AIDA', 'A unique id, AIDA….', uniqueIdForm),
      ),
      reason: text('say why', 'Why it is exempt. Shown to people.'),
      by: text('say who decided it', 'Who decided it. Shown to people.'),
      from: moment('The day (from 00:00 UTC) or moment from which it holds.'),
      until: moment('The day (at 00:00 UTC) or moment at which it ends, within 366 days of from.'),
    },
    'write it as account, user, reason, by, from and until',
  ),
  v.partialCheck(
    [['user'], ['path'], ['uniqueId']],
    (given) => whom.filter((each) => given[each] !== undefined).length === 1,
    'name one of user, path and uniqueId',
  ),
  v.forward(
    v.partialCheck(
      [['from'], ['until']],
      (given) => datesProblem(given) === undefined,
      (issue) => datesProblem(issue.input) ?? '',
    ),
    ['until'],
  ),
);

function datesProblem(given: { readonly from: string; readonly until: string }) {
  const [from, until] = [parseMoment(given.from), parseMoment(given.until)];
  if (from === undefined || until === undefined) return undefined;
  return exemptionDatesProblem({ from, until });
}

/** No more than tells an address from a name: it is compared, and never written to. */
const emailForm = /^[^\s@<>]+@[^\s@<>]+$/;

export const personSchema = v.strictObject(
  {
    name: text('write a name', 'As approvers and the tag keyturn:owner name them.'),
    slackUserId: text('write a Slack user id, U…', 'The Slack user id, U… or W….', slackUserForm),
    email: v.optional(
      text('write an e-mail address', 'The tag keyturn:owner may name them by it.', emailForm),
    ),
    roles: v.pipe(
      v.array(
        v.picklist(roles, 'set it to viewer, owner, approver or admin'),
        'list roles: viewer, owner, approver, admin',
      ),
      v.description(
        'viewer: sees everything, changes nothing. owner: acts on their own keys. ' +
          'approver: approves. admin: forces and abandons as well.',
      ),
    ),
  },
  'write it as name, slackUserId and roles',
);

/** The form of policy files that this version reads. A file that names none is of this one. */
const policyVersion = 1;

export const ringSchema = text(ringAdvice, 'The name of a ring.', ringForm);

export const policyFileSchema = v.strictObject(
  {
    version: v.optional(
      v.pipe(
        v.literal(
          policyVersion,
          `this Keyturn reads version ${policyVersion}: deploy the one that the file is of`,
        ),
        v.description('The form of this file; 1 unless said.'),
      ),
    ),
    defaults: v.optional(
      v.pipe(
        v.strictObject(policyFields, 'write it as fields and values'),
        v.description('What holds in the whole organisation.'),
      ),
    ),
    rules: v.optional(
      v.pipe(
        v.array(ruleSchema, 'list rules'),
        v.description(
          'Other values for parts of the organisation. Of the rules that match a user, the most ' +
            'specific one that sets a field wins: unit < account < path; the later among equals.',
        ),
      ),
    ),
    exemptions: v.optional(
      v.pipe(
        v.array(exemptionSchema, 'list exemptions'),
        v.description('Users that are left alone for a time.'),
      ),
    ),
    rings: v.optional(
      v.pipe(
        v.array(ringSchema, 'list the names of rings, the first one first'),
        v.maxLength(mostRings, `list at most ${mostRings} rings`),
        v.description(
          'Steps of a roll-out, the first one first. A ring opens once 5 rotations of the ring ' +
            'before went well; the field ring of a rule says who is in it, and whom no rule ' +
            'names is in the last. Default: none, everything at once.',
        ),
      ),
    ),
    people: v.pipe(
      v.array(personSchema, 'list people: name, slackUserId and roles'),
      v.description('Who may act, and as what. Nobody else may.'),
    ),
  },
  'write it as version, defaults, rules, exemptions, rings and people',
);
