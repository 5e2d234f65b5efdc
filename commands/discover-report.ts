/**
 * What was discovered, as one JSON object and as lines for people. A key is named by its user and
 * the end of its id; names of files are outside text, and show no secret either.
 */
import { withoutSecrets } from '../adapters/aws-secret-scanner.ts';
import type { TreeScan } from '../adapters/tree-scan.ts';
import type { Discovery, FoundKey, MacieFinding, Place, Replacement } from '../domain/discovery.ts';
import { type Instant, inUtcWords } from '../domain/instant.ts';
import { shortKey } from '../domain/key.ts';
import { visible, wrapped } from './terminal-text.ts';

export interface DiscoverReport {
  readonly at: Instant;
  readonly keys: readonly KeyFound[];
  readonly valuesAlone: readonly Place[];
  readonly macie: readonly MacieFinding[];
  /** Findings of other scanners that are no access keys of AWS. */
  readonly others: number;
  readonly scan: Pick<TreeScan, 'files' | 'bytes' | 'leftOut' | 'unread' | 'overfull'> & {
    readonly seconds: number;
    readonly megabytesPerSecond: number;
  };
  readonly problems: readonly string[];
}

interface KeyFound {
  /** `…WXYZ`. */
  readonly key: string;
  readonly account: string | null;
  readonly userName: string | null;
  readonly owner: string | null;
  readonly status: string | null;
  readonly createdAt: Instant | null;
  readonly ageDays: number | null;
  readonly plan: string | null;
  readonly replacement: Replacement | null;
  readonly places: readonly Place[];
}

export interface Discovered {
  readonly at: Instant;
  readonly found: Discovery;
  readonly scan: TreeScan;
  readonly seconds: number;
  readonly others: number;
  readonly macieFindings: readonly MacieFinding[];
  readonly problems: readonly string[];
}

/** Everything that is not our own text is made safe to show here, once. */
export function discoverReport(all: Discovered): DiscoverReport {
  const { at, found, scan, seconds, others, macieFindings, problems } = all;
  const { files, bytes } = scan;
  const rate = seconds > 0 ? bytes / 1e6 / seconds : 0;
  return {
    at,
    keys: found.keys.map(keyFound),
    valuesAlone: found.valuesAlone.map(shownPlace),
    macie: macieFindings.map((finding) => ({
      ...finding,
      id: shown(finding.id),
      region: shown(finding.region),
      bucket: shown(finding.bucket),
      object: shown(finding.object),
    })),
    others,
    scan: {
      files,
      bytes,
      seconds: Math.round(seconds * 1000) / 1000,
      megabytesPerSecond: Math.round(rate * 10) / 10,
      leftOut: scan.leftOut.map((sum) => ({ ...sum, first: sum.first.map(shown) })),
      unread: scan.unread.map(({ path, why }) => ({ path: shown(path), why })),
      overfull: scan.overfull.map(shown),
    },
    problems: problems.map(shown),
  };
}

function keyFound({ keyId, known, ageDays, replacement, places }: FoundKey): KeyFound {
  return {
    key: shortKey(keyId),
    account: known?.account ?? null,
    userName: known === null ? null : shown(known.userName),
    owner: known === null || known.owner === null ? null : shown(known.owner),
    status: known?.status ?? null,
    createdAt: known?.createdAt ?? null,
    ageDays,
    plan: known === null || known.plan === null ? null : shown(known.plan),
    replacement,
    places: places.map(shownPlace),
  };
}

const shownPlace = (place: Place): Place => ({ ...place, file: shown(place.file) });

/** Outside text: in one line, the id of a key by its end, no value of a secret. */
export function shown(text: string): string {
  return visible(withoutSecrets(text));
}

const width = 100;
const indent = '    ';

/** Places of one key that people are shown; the JSON has all. */
const mostPlaces = 20;

/** For people: key by key, then what nobody can be named for, then what was looked at. */
export function discoverText(report: DiscoverReport): readonly string[] {
  const { keys, valuesAlone, macie, others } = report;
  const alone = valuesAlone.length === 0 ? [] : ['', ...valueLines(valuesAlone)];
  return [
    ...keys.flatMap(keyLines),
    ...alone,
    ...macie.flatMap(macieLines),
    ...(others === 0 ? [] : ['', `${count(others, 'finding')} of other kinds left out.`]),
    ...(keys.length + valuesAlone.length + macie.length === 0 ? [] : ['']),
    ...scanLines(report),
  ];
}

function keyLines(key: KeyFound): readonly string[] {
  const { account, userName, owner, status, ageDays, plan, replacement, places } = key;
  const whose =
    userName === null
      ? 'nothing that was asked knows it: of another account, or deleted long ago'
      : `${account}/${userName}`;
  const facts = [
    whose,
    ...(status === null ? [] : [status]),
    ...(ageDays === null ? [] : [count(ageDays, 'day')]),
    ...(userName === null ? [] : [owner === null ? 'owner not known' : `owner ${owner}`]),
  ];
  const more = places.length - mostPlaces;
  return [
    ...wrapped(`${key.key}  ${facts.join(', ')}`, '', width),
    ...places.slice(0, mostPlaces).flatMap((place) => wrapped(placeText(place), indent, width)),
    ...(more > 0 ? [`${indent}and ${count(more, 'more place')}: --json`] : []),
    ...wrapped(replacementText(replacement, status), indent, width),
    ...(plan === null ? [] : wrapped(`Keyturn: ${plan}`, indent, width)),
  ];
}

function placeText({ file, line, commit, foundBy, encoded, valueAt }: Place): string {
  const extras = [
    ...(commit === null ? [] : [`commit ${commit.slice(0, 12)}`]),
    ...(encoded ? ['in base64'] : []),
    ...(valueAt === null ? [] : [valueAt === line ? 'with its value' : `value at ${valueAt}`]),
    ...(foundBy.some((who) => who !== 'scan') ? [`by ${foundBy.join(', ')}`] : []),
  ];
  const at = line === null ? file : `${file}:${line}`;
  return extras.length === 0 ? at : `${at} (${extras.join('; ')})`;
}

function replacementText(replacement: Replacement | null, status: string | null): string {
  if (replacement === null) return '';
  if (status === 'deleted' && replacement.is === 'to be issued') return 'Remove it: it is deleted.';
  return replacement.is === 'issued'
    ? `Read it from ${replacement.secret} instead.`
    : `Once it is rotated, read it from secret ${replacement.secret} instead.`;
}

function valueLines(values: readonly Place[]): readonly string[] {
  const shownValues = values.slice(0, mostPlaces);
  const more = values.length - shownValues.length;
  return [
    'Secret values without the id of a key nearby: whose they are cannot be told.',
    ...shownValues.flatMap((each) => wrapped(placeText({ ...each, valueAt: null }), indent, width)),
    ...(more > 0 ? [`${indent}and ${count(more, 'more place')}: --json`] : []),
  ];
}

function macieLines(finding: MacieFinding): readonly string[] {
  const { account, region, bucket, object, count: times, at } = finding;
  const what = times === null ? 'credentials' : count(times, 'secret access key');
  const text =
    `Macie found ${what} in s3://${bucket}/${object} (${account}, ${region}, ${inUtcWords(at)}). ` +
    'It names no key: fetch the object into an empty folder and scan that, to see whose.';
  return ['', ...wrapped(text, '', width)];
}

function scanLines({ keys, scan }: DiscoverReport): readonly string[] {
  const { files, bytes, seconds, megabytesPerSecond, leftOut, unread, overfull } = scan;
  const places = keys.reduce((sum, each) => sum + each.places.length, 0);
  const left = leftOut.map(({ why, count: times, first }) => {
    const names = first.slice(0, 3).join(', ');
    return `left out, ${why}: ${times} (${names}${times > 3 ? ', …' : ''})`;
  });
  const sums =
    `${count(keys.length, 'key')} in ${count(places, 'place')}. Scanned ` +
    `${(bytes / 1e6).toFixed(1)} MB in ${count(files, 'file')} within ${seconds.toFixed(1)} s: ` +
    `${megabytesPerSecond} MB/s.`;
  const lines = [
    ...left,
    ...unread.map(({ path, why }) => `not read: ${path}: ${why}`),
    ...overfull.map((path) => `only the first hits: ${path} has more than are kept`),
    sums,
  ];
  return lines.flatMap((line) => wrapped(line, '', width));
}

function count(times: number, what: string): string {
  return `${times.toLocaleString('en')} ${what}${times === 1 ? '' : 's'}`;
}
