/**
 * What the policy says about a user: how their keys are rotated, or that nobody touches them. Asked
 * when a key is claimed, and again before anything is done to it.
 */
import { inUtcWords } from '../domain/instant.ts';
import { type IamUser, userLabel } from '../domain/key.ts';
import type { Policy } from '../domain/policy.ts';
import type { Log, Profiles } from '../domain/ports.ts';
import type { Resolved, ResolvedExemption } from '../domain/resolve-policy.ts';

export interface RulingDeps {
  readonly log: Log;
  /** Throws rather than answer with a policy that may be looser than the one that holds. */
  readonly policyFor: (user: IamUser) => Promise<Resolved>;
  readonly profiles: Profiles;
}

/** `exempt` says why nobody touches the user, as a sentence; null if Keyturn may. */
export interface Ruling {
  readonly exempt: string | null;
  readonly policy: Policy;
}

/** Throws Transient or Permanent when it cannot be told: then nothing may be done to the user. */
export async function rulingOn(deps: RulingDeps, user: IamUser): Promise<Ruling> {
  const resolved = await deps.policyFor(user);
  const { notes } = resolved;
  if (notes.length > 0) deps.log.info('policy notes', { user: userLabel(user), notes });
  return rulingUnder(deps, user, resolved);
}

/** The same under a policy that is known already. Reads only. */
export async function rulingUnder(
  deps: Pick<RulingDeps, 'profiles'>,
  user: IamUser,
  { policy, exemption }: Resolved,
): Promise<Ruling> {
  if (exemption !== null) return { exempt: exemptionInWords(user, exemption), policy };
  const exempt = await exemptByKind(deps, user, policy);
  return { exempt, policy };
}

function exemptionInWords(user: IamUser, { reason, until, by }: ResolvedExemption): string {
  return `User ${userLabel(user)} is exempt until ${inUtcWords(until)} (by ${by}): ${reason}`;
}

/** Privileged users and those that only send mail are exempt unless the policy says otherwise. */
async function exemptByKind(
  { profiles }: Pick<RulingDeps, 'profiles'>,
  user: IamUser,
  { privileged, sesSmtp }: Policy,
): Promise<string | null> {
  if (privileged === 'rotate' && sesSmtp === 'rotate') return null;
  const profile = await profiles.profileOf(user);
  if (privileged === 'exempt' && profile.privileged.is) {
    return `User ${userLabel(user)} is privileged: ${profile.privileged.because}`;
  }
  return sesSmtp === 'exempt' && profile.sesSmtp.is
    ? `User ${userLabel(user)} sends mail by SMTP: ${profile.sesSmtp.because}`
    : null;
}
