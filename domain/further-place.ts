/**
 * Further places that a new key is written to besides the vault: which there are, and the text by
 * which orders, runbooks and tags name each. They come from policy alone, never from tags of users:
 * who may tag a user must not be able to send its keys anywhere.
 *
 *   eu-west-1                                 the secret of the same name in that Region
 *   parameter-store:eu-west-1                 the parameter of the same name in that Region
 *   github-actions:acme/web                   two secrets for workflows of that repository
 *   github-actions:acme/web:KEY_ID:KEY_VALUE  the same under other names
 */

/** Two secrets of a repository on GitHub: they are written, and nobody can read them back. */
export interface WorkflowSecrets {
  readonly kind: 'github-actions';
  /** `owner/name`. */
  readonly repository: string;
  /** Name of the secret that gets the access key id. */
  readonly accessKeyId: string;
  /** Name of the secret that gets the secret access key. */
  readonly secretAccessKey: string;
}

/** A place in AWS, under the name that the user's secret has. */
export interface PlaceInAws {
  readonly kind: 'secrets-manager' | 'parameter-store';
  readonly region: string;
}

export type FurtherPlace = PlaceInAws | WorkflowSecrets;

/** As policy names it: what it leaves out has its usual name. */
export type SecretCopy =
  | PlaceInAws
  | (Pick<WorkflowSecrets, 'kind' | 'repository'> &
      Partial<Pick<WorkflowSecrets, 'accessKeyId' | 'secretAccessKey'>>);

export const furtherPlaceKinds = ['secrets-manager', 'parameter-store', 'github-actions'] as const;

/** What SDKs and the AWS CLI look for in the environment of a job. */
export const usualSecretNames = {
  accessKeyId: 'AWS_ACCESS_KEY_ID',
  secretAccessKey: 'AWS_SECRET_ACCESS_KEY',
} as const;

const region = '[a-z]{2,8}(?:-[a-z]{1,16}){1,3}-[0-9]{1,2}';
/**
 * The name becomes part of an address: nothing passes that could mean another one, such as `..`.
 * https://docs.github.com/en/rest/actions/secrets (2026-11)
 */
const repository = '[A-Za-z0-9][A-Za-z0-9-]{0,38}/[A-Za-z0-9_-][A-Za-z0-9_.-]{0,99}';
/**
 * Letters, digits and underscores, no digit first, none of GitHub's own. GitHub takes small letters
 * for capital ones; one way to write a name keeps two of them from being one.
 * https://docs.github.com/en/actions/reference/security/secrets (2026-11)
 */
const secretName = '(?!GITHUB_)[A-Z_][A-Z0-9_]{0,63}';

export const repositoryForm = new RegExp(`^${repository}$`);
export const secretNameForm = new RegExp(`^${secretName}$`);
const regionOnly = new RegExp(`^${region}$`);
const inParameters = new RegExp(`^parameter-store:(${region})$`);
const onGitHub = new RegExp(
  `^github-actions:(${repository})(?::(${secretName}):(${secretName}))?$`,
);

/** A tag value holds no more than 256 characters, and says besides which key was written. */
export const longestPlaceText = 200;

/** The place that policy names. */
export function placeOf(copy: SecretCopy): FurtherPlace {
  return copy.kind === 'github-actions' ? { ...usualSecretNames, ...copy } : copy;
}

/** A runbook parameter holds no more than 512 characters. */
export const longestPlacesText = 512;

/** The text that names a place; the same place has the same text. */
export function placeText(place: FurtherPlace): string {
  switch (place.kind) {
    case 'secrets-manager':
      return place.region;
    case 'parameter-store':
      return `parameter-store:${place.region}`;
    case 'github-actions': {
      const { accessKeyId, secretAccessKey } = place;
      const usual =
        accessKeyId === usualSecretNames.accessKeyId &&
        secretAccessKey === usualSecretNames.secretAccessKey;
      const named = usual ? '' : `:${accessKeyId}:${secretAccessKey}`;
      return `github-actions:${place.repository}${named}`;
    }
  }
}

/** The place that a text names; undefined if it names none. */
export function parsePlace(text: string): FurtherPlace | undefined {
  if (text.length > longestPlaceText) return undefined;
  if (regionOnly.test(text)) return { kind: 'secrets-manager', region: text };
  const parameter = inParameters.exec(text)?.[1];
  if (parameter !== undefined) return { kind: 'parameter-store', region: parameter };
  const [, found, accessKeyId, secretAccessKey] = onGitHub.exec(text) ?? [];
  if (found === undefined) return undefined;
  const names =
    accessKeyId === undefined || secretAccessKey === undefined
      ? usualSecretNames
      : { accessKeyId, secretAccessKey };
  if (names.accessKeyId === names.secretAccessKey) return undefined;
  const place = { kind: 'github-actions', repository: found, ...names } as const;
  return placeText(place) === text ? place : undefined;
}

/** What people call a place. */
export function placeInWords(place: FurtherPlace): string {
  switch (place.kind) {
    case 'secrets-manager':
      return `copy in ${place.region}`;
    case 'parameter-store':
      return `parameter in ${place.region}`;
    case 'github-actions': {
      const { repository: where, accessKeyId, secretAccessKey } = place;
      return `secrets ${accessKeyId} and ${secretAccessKey} of GitHub repository ${where}`;
    }
  }
}

/**
 * What two places must not both be: the same secret, or parameter, or one of the same two secrets.
 * GitHub takes names of repositories in any case of their letters.
 */
export function slotsOf(place: FurtherPlace): readonly string[] {
  if (place.kind !== 'github-actions') return [placeText(place)];
  const { repository: where, accessKeyId, secretAccessKey } = place;
  return [accessKeyId, secretAccessKey].map((name) => `${where.toLowerCase()}/${name}`);
}
