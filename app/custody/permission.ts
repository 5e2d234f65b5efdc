/**
 * Whether a key may be made for anybody now, and for this user at all. Asked where keys are made:
 * it holds whoever ordered the key.
 */
import { Permanent, Transient } from '../../domain/errors.ts';
import { userLabel } from '../../domain/key.ts';
import type { CustodyDeps } from './deps.ts';
import type { Subject } from './subject.ts';

/** Throws Transient while the stop switch does not say `go`, or cannot be read. */
export async function requireGo({ stopSwitch }: CustodyDeps): Promise<void> {
  const state = await stopSwitch.read();
  if (!state.stopped) return;
  throw new Transient(`Keyturn is stopped, and makes no key meanwhile: ${state.why}`);
}

/**
 * Secrets Manager asks no policy: whoever may create and tag secrets has it rotate any user, and
 * reads the key. So the custodian itself leaves those users alone whom the hub leaves alone
 * unasked. For Keyturn's own rotations the hub has decided.
 */
export async function requireOrdinaryUser(
  { profiles, nativePrivilege }: CustodyDeps,
  { order, user }: Subject,
): Promise<void> {
  if (order.driver.by === 'keyturn' || nativePrivilege === 'rotate') return;
  const { privileged, sesSmtp } = await profiles.profileOf(user);
  const because = [
    ...(privileged.is ? [`the user is privileged: ${privileged.because}`] : []),
    ...(sesSmtp.is ? [`its key makes an SMTP password of SES: ${sesSmtp.because}`] : []),
  ];
  if (because.length === 0) return;
  throw new Permanent(
    `Secrets Manager may not rotate the keys of user ${userLabel(user)}: ${because.join('; ')}. ` +
      'No key was made. Cancel the rotation and let Keyturn rotate the user as policy says; or ' +
      'deploy with KEYTURN_NATIVE_PRIVILEGED=rotate, which lets every such user be rotated by ' +
      'whoever may create secrets of Keyturn',
  );
}
