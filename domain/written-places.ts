/**
 * What is known of places that nobody can read back, such as secrets of a repository: tags of the
 * user's secret say which key was written where. `writing` stands there before the first call,
 * `written` after the last one, so that a writer who died never passes for one who was done.
 */

const prefix = 'keyturn:place:';

export interface WrittenPlace {
  readonly state: 'writing' | 'written';
  readonly keyId: string;
  /** By its text (further-place.ts). */
  readonly place: string;
}

/** The tag that says so. `id`: a UUID made of the place, since texts are too long for a name. */
export function tagOfPlace(
  id: string,
  { state, keyId, place }: WrittenPlace,
): Readonly<Record<string, string>> {
  return { [`${prefix}${id}`]: `${state} ${keyId} ${place}` };
}

/** The name from which the UUID of a place is made. */
export function placeTagName(place: string): string {
  return `further-place/${place}`;
}

export interface TaggedPlace extends WrittenPlace {
  /** The tag's name, for whoever has to remove it. */
  readonly tag: string;
}

/** Every place that the tags tell of; what has not that form tells nothing. */
export function placesIn(tags: Readonly<Record<string, string>>): readonly TaggedPlace[] {
  return Object.entries(tags).flatMap(([tag, text]) => {
    if (!tag.startsWith(prefix)) return [];
    const [, state, keyId, place] =
      /^(writing|written) (AKIA[A-Z0-9]{12,28}) (\S+)$/.exec(text) ?? [];
    if (keyId === undefined || place === undefined) return [];
    return [{ tag, state: state === 'written' ? 'written' : 'writing', keyId, place }];
  });
}
