/**
 * Whether a Security Hub finding is about the control "IAM users' access keys should be rotated
 * every 90 days or less". Standards number it differently, and the same number means other controls
 * elsewhere, so standard, version and number decide together.
 */

/** How a finding names its control. Any of them may be absent; those present must agree. */
export interface ControlNames {
  /** `<standard>/v/<version>/<number>`, CIS 1.2.0's ruleset ARN, or `security-control/<number>`. */
  readonly generatorId?: string | undefined;
  /** ProductFields.StandardsSubscriptionArn or one of its siblings. */
  readonly standardArn?: string | undefined;
  /** ProductFields.ControlId or RuleId: a number within the standard. */
  readonly number?: string | undefined;
  /** Compliance.SecurityControlId: the number across all standards. */
  readonly securityControlId?: string | undefined;
  /** The finding's own ARN, `…:subscription/<standard>/v/<version>/<number>/finding/<id>`. */
  readonly findingId?: string | undefined;
  /** OCSF's compliance.control, in any of the forms above. */
  readonly control?: string | undefined;
  /** OCSF's compliance.standards, which a mere number in `control` is counted in. */
  readonly standards?: readonly string[] | undefined;
}

export type ControlVerdict =
  | { readonly is: 'key age'; readonly control: string }
  | { readonly is: 'other'; readonly control: string }
  | { readonly is: 'contradictory'; readonly problem: string };

/** The control's number across all standards, and in every standard that has none of its own. */
const keyAge = 'IAM.3';

/**
 * Its number in each version of the CIS benchmark (1.14 of 5.0.0 is another control).
 * https://docs.aws.amazon.com/securityhub/latest/userguide/cis-aws-foundations-benchmark.html
 * (2026-11-23)
 */
const cisNumbers: ReadonlyMap<string, string> = new Map([
  ['1.2.0', '1.4'],
  ['1.4.0', '1.14'],
  ['3.0.0', '1.14'],
  ['5.0.0', '1.13'],
]);

const cis = 'cis-aws-foundations-benchmark';
const controlTower = 'service-managed-aws-control-tower';

/** Standards whose numbers are not Security Hub's own, by the form of these. */
const ownNumbers: readonly (readonly [form: RegExp, standard: string])[] = [
  [/^[0-9.]+$/, cis],
  [/^CT\./, controlTower],
];

interface Naming {
  readonly field: string;
  readonly standard: string | null;
  readonly version: string | null;
  readonly number: string;
}

/** What the finding's names come to; `other` when it names no control at all. */
export function controlOf(names: ControlNames): ControlVerdict {
  const namings = [
    fromGenerator(names),
    fromStandard(names),
    fromSecurityControl(names),
    ...fromCompliance(names),
    fromFindingId(names),
  ].filter((naming) => naming !== undefined);
  const yes = namings.find((naming) => meansKeyAge(naming) === true);
  const no = namings.find((naming) => meansKeyAge(naming) === false);
  if (yes !== undefined && no !== undefined) {
    return {
      is: 'contradictory',
      problem:
        `${yes.field} names ${label(yes)} but ${no.field} names ${label(no)}: they are ` +
        'different controls',
    };
  }
  if (yes !== undefined) return { is: 'key age', control: yes.number };
  const named = no ?? namings[0];
  return { is: 'other', control: named === undefined ? 'no control' : label(named) };
}

/** undefined for a version of CIS that is not in the table: another field has to tell. */
function meansKeyAge({ standard, version, number }: Naming): boolean | undefined {
  if (number === keyAge) return true;
  // Control Tower's standard puts a prefix before Security Hub's own number:
  // https://docs.aws.amazon.com/securityhub/latest/userguide/sample-control-findings.html (2026-11)
  if (standard === controlTower && number === `CT.${keyAge}`) return true;
  if (standard !== cis || !/^[0-9.]+$/.test(number)) return false;
  const expected = cisNumbers.get(version ?? '');
  return expected === undefined ? undefined : number === expected;
}

function fromGenerator({ generatorId }: ControlNames): Naming | undefined {
  return wholeName('GeneratorId', generatorId ?? '');
}

/** `security-control/<number>` or `<standard>/v/<version>/<number>`. */
function wholeName(field: string, name: string): Naming | undefined {
  const consolidated = /(?:^|:)security-control\/([^/]+)$/.exec(name);
  if (consolidated?.[1] !== undefined) {
    return { field, standard: null, version: null, number: consolidated[1] };
  }
  const [, standard, version, number] =
    /(?:^|[/])([a-z0-9-]+)\/v\/([^/]+)\/(?:rule\/)?([^/]+)$/.exec(name) ?? [];
  return standard === undefined || version === undefined || number === undefined
    ? undefined
    : { field, standard, version, number };
}

function fromFindingId({ findingId }: ControlNames): Naming | undefined {
  const [, name] = /^(arn:.*)\/finding\/[^/]+$/.exec(findingId ?? '') ?? [];
  return name === undefined ? undefined : wholeName("the finding's id", name);
}

/** A number that one standard alone gives means what it means in each of its versions named. */
function fromCompliance({ control, standards = [] }: ControlNames): readonly Naming[] {
  const field = 'compliance.control';
  if (control === undefined) return [];
  const [, only] = ownNumbers.find(([form]) => form.test(control)) ?? [];
  if (only === undefined) {
    return [wholeName(field, control) ?? { field, standard: null, version: null, number: control }];
  }
  return standards.flatMap((standard) => {
    const named = wholeName(field, `${standard}/${control}`);
    return named?.standard === only ? [named] : [];
  });
}

function fromStandard({ standardArn, number }: ControlNames): Naming | undefined {
  if (number === undefined) return undefined;
  const [, standard, version] =
    /(?:subscription|standards|ruleset)\/([a-z0-9-]+)\/v\/([^/]+)$/.exec(standardArn ?? '') ?? [];
  if (standard === undefined || version === undefined) {
    return number === keyAge
      ? { field: 'ProductFields', standard: null, version: null, number }
      : undefined;
  }
  return { field: 'ProductFields', standard, version, number };
}

function fromSecurityControl({ securityControlId }: ControlNames): Naming | undefined {
  return securityControlId === undefined
    ? undefined
    : {
        field: 'Compliance.SecurityControlId',
        standard: null,
        version: null,
        number: securityControlId,
      };
}

/** These judge keys too, but by their use: IAM.8 after 90 days, IAM.22 after 45. */
const unusedCredentials: readonly string[] = ['IAM.8', 'IAM.22'];

function label({ standard, version, number }: Naming): string {
  const name = standard === null ? number : `${standard} ${version} ${number}`;
  return unusedCredentials.includes(number)
    ? `${name} (unused credentials: only the age of access keys counts)`
    : name;
}
