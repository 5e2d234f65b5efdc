/**
 * What kind of user somebody is, as far as it decides whether Keyturn may rotate their keys:
 * privileged users and users whose key makes an SES SMTP password are exempt unless configured.
 * How the answers are found stands in privilege.ts and ses-smtp.ts.
 */
import type { IamUser } from './key.ts';
import type { PolicyDocument } from './policy-document.ts';
import { privilegeOf } from './privilege.ts';
import { sesSmtpOf } from './ses-smtp.ts';

/** Whether a user is of a kind, and the sentence that says why. */
export type Trait = { readonly is: true; readonly because: string } | { readonly is: false };

export interface Profile {
  readonly privileged: Trait;
  /** The SMTP password of SES follows from the key's secret: a new key needs a new password. */
  readonly sesSmtp: Trait;
}

/** A policy that applies to a user: its own or a group's, inline or attached. */
export interface AppliedPolicy {
  /** As people know it: `inline policy send-mail of group mailers`. */
  readonly what: string;
  readonly name: string;
  /** Of a managed policy. */
  readonly arn: string | undefined;
  /** undefined only where the ARN decides by itself (privilegedByArn): then nobody reads it. */
  readonly document: PolicyDocument | undefined;
}

/** Everything that a profile is judged by. */
export interface Membership {
  readonly user: Pick<IamUser, 'partition' | 'account' | 'path' | 'userName'>;
  readonly groups: readonly string[];
  readonly policies: readonly AppliedPolicy[];
}

export function profileFrom(membership: Membership): Profile {
  return { privileged: privilegeOf(membership), sesSmtp: sesSmtpOf(membership) };
}
