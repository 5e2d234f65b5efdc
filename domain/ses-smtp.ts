/**
 * Who sends mail through the SMTP interface of SES: the user name is the access key id, and the
 * password is derived from the secret access key once, by people. A new key needs a new password
 * at every mail program, which Keyturn cannot bring there.
 *
 * The SES console makes users named `ses-smtp-user.<date>-<time>`, unless another name is typed;
 * formerly with an inline policy of their own, now in the group AWSSESSendingGroupDoNotRename. The
 * policy is AmazonSesSendingAccess, which allows ses:SendRawEmail. Whoever may do that can also
 * derive a password by hand. Documented are the actions that the console takes; the names are
 * those found in public configurations.
 * https://docs.aws.amazon.com/ses/latest/dg/smtp-credentials.html (2026-11)
 */
import { speaksOf } from './policy-document.ts';
import type { AppliedPolicy, Membership, Trait } from './profile.ts';

/** What SMTP takes; ses:SendEmail alone does not do. */
const sending = 'ses:SendRawEmail';
/** Anywhere: some put a prefix before it. */
const consoleName = /ses-smtp-user/i;
const consoleGroup = 'AWSSESSendingGroupDoNotRename';
const consolePolicy = 'amazonsessendingaccess';

/**
 * Besides sending: other actions of SES, what only reads, and what whoever runs a mail program adds
 * to watch it.
 */
const littleElse =
  /^(ses:|logs:|cloudwatch:|xray:|[a-z0-9-]+:(get|list|describe)|iam:changepassword$)/i;

/**
 * By what the SES console leaves behind, or because the user may send raw mail and does little
 * else. It errs on the side of SMTP: a mail program cannot be asked how it signs in.
 */
export function sesSmtpOf({ user, groups, policies }: Membership): Trait {
  if (consoleName.test(user.userName)) return yes('the SES console names users so');
  const group = groups.find((name) => name.toLowerCase() === consoleGroup.toLowerCase());
  if (group !== undefined) return yes(`the user is in the group ${group} of the SES console`);
  const made = policies.find(({ name }) => name.toLowerCase() === consolePolicy);
  if (made !== undefined) return yes(`${made.what} is the one that the SES console makes`);
  const lets = policies.find((policy) => allowed(policy).some((one) => speaksOf(one, sending)));
  return lets !== undefined && policies.every(isLittle)
    ? yes(`${lets.what} allows ${sending}, and the user may do little else`)
    : { is: false };
}

function isLittle(policy: AppliedPolicy): boolean {
  return (
    policy.document !== undefined &&
    allowed(policy).every(
      ({ actions }) =>
        actions.are === 'listed' && actions.patterns.every((pattern) => littleElse.test(pattern)),
    )
  );
}

function allowed({ document }: AppliedPolicy) {
  return document?.statements.filter(({ effect }) => effect === 'Allow') ?? [];
}

function yes(because: string): Trait {
  return { is: true, because };
}
