/**
 * A last use of the old key, seconds after it has gone off: IAM still lets it in, as it may until
 * the change has got everywhere.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot.html#troubleshoot_general_eventual-consistency
 */
import { plus } from '../../domain/instant.ts';
import { noteUse } from '../simulation/ledger.ts';
import type { Meddlers } from '../simulation/meddlers.ts';
import { isKeyturn } from '../simulation/truth.ts';

const place = {
  service: 's3',
  region: 'us-east-1',
  sourceIp: '192.0.2.80',
  userAgent: 'aws-cli/2.31 forgotten',
} as const;
const operation = 'ListBuckets';

/** Lets it happen once. It is written down within the hour, as CloudTrail does. */
export function letItBeUsedOnceMore({ world, ledger }: Meddlers): void {
  const { clock, cloud } = world;
  const look = (): void => {
    const offs = ledger.plan.accounts
      .flatMap((account) => cloud.truth(account).keys)
      .filter(({ createdAt }) => createdAt <= ledger.plan.start)
      .flatMap(({ keyId, changes }) => changes.slice(-1).map((last) => ({ keyId, ...last })));
    // Off for good: a run that fails after it has switched a key off switches it on again.
    const off = offs.find(({ to, by }) => to === 'Inactive' && isKeyturn(by));
    if (off === undefined) {
      clock.at(plus(clock.now(), { hours: 1 }), look);
      return;
    }
    const at = plus(off.at, { seconds: 4 });
    cloud.recordPastUse(off.keyId, { at, ...place, eventName: operation });
    const { service, region, userAgent } = place;
    const use = { at, service, region, userAgent, operation, own: false, invocation: undefined };
    noteUse(ledger, off.keyId, use);
  };
  look();
}
