/** A witness that lives by a clock of its own, in place of the one that is deployed. */
import { composeSources } from '../../app/compose-beside-keys.ts';
import { plus } from '../../domain/instant.ts';
import { witnessHandler } from '../../functions/witness.ts';
import { names } from '../../sandbox/settings.ts';
import type { World } from '../../sandbox/world.ts';

/** So many seconds ahead of the hub; less than 0: behind. */
export function skewWitness({ clock, cloud, place }: World, seconds: number): void {
  const skewed = { ...clock, now: () => plus(clock.now(), { seconds }) };
  const credentials = cloud.roleCredentials(place.account, names.witnessRole, names.witness);
  const sources = composeSources(place, skewed, (region) =>
    cloud.connection({ region, credentials }),
  );
  const witness = witnessHandler({ clock: skewed, home: place, sources });
  cloud.registerFunction({ ...place, name: names.witness }, witness);
}
