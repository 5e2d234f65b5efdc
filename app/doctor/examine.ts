/**
 * The whole examination, in the order in which things are needed. It only reads. Where the
 * credentials are of nobody, or of another account than expected, nothing else is asked.
 */

import type { AccountReads, Answer, Caller } from '../../domain/account-reads.ts';
import type { Parsed } from '../../domain/parsed.ts';
import { defaultPolicy } from '../../domain/policy.ts';
import type { PolicyBook } from '../../domain/policy-book.ts';
import type { TrailQuery } from '../../domain/trail-query.ts';
import { findingChecks, quotaChecks, unitChecks } from './account-checks.ts';
import { type Diagnosis, inStage, missing, ok, unknown } from './diagnosis.ts';
import { keyAccountChecks, type OwnDocuments } from './key-account-checks.ts';
import { nodeCheck, policyChecks } from './local-checks.ts';
import type { StageNames } from './names.ts';
import { routeChecks } from './route-checks.ts';
import { type SlackPatient, slackChecks } from './slack-checks.ts';
import { connectionsChecks, isDeployed, stackChecks } from './stack-checks.ts';

export interface Patient {
  readonly names: StageNames;
  readonly node: { readonly running: string; readonly least: string };
  readonly policy: { readonly file: string; readonly book: Parsed<PolicyBook> };
  /** With the credentials of whoever runs this. */
  readonly home: AccountReads;
  /** The same in the partition's first Region, which is always enabled. */
  readonly first: Pick<AccountReads, 'caller' | 'place'>;
  /** The account that the hub should be in; null: wherever the credentials are of. */
  readonly hub: string | null;
  /** Accounts that have users, beside the hub's. */
  readonly members: readonly string[];
  /** By a role of that account that lets whoever runs this in. */
  readonly into: (account: string) => Promise<Answer<AccountReads>>;
  readonly documents: OwnDocuments;
  /** Only what is needed before a deployment. */
  readonly before: boolean;
  /** Undefined if Slack is not to be asked. */
  readonly slack?: SlackPatient;
  /** A trail that the witness queries besides, as the stage's parameters name it. */
  readonly trail?: TrailQuery;
}

export interface Section {
  readonly title: string;
  readonly diagnoses: readonly Diagnosis[];
}

export async function examine(patient: Patient): Promise<readonly Section[]> {
  const sections = await sectionsOf(patient);
  return sections.map(({ title, diagnoses }) => ({
    title,
    diagnoses: diagnoses.map((each) => inStage(each, patient.names.stage)),
  }));
}

async function sectionsOf(patient: Patient): Promise<readonly Section[]> {
  const { node, policy } = patient;
  const local = [nodeCheck(node.running, node.least), ...policyChecks(policy.file, policy.book)];
  const here = { title: 'this checkout', diagnoses: local };
  const who = await credentials(patient);
  if (who.caller === null) return [here, { title: 'credentials', diagnoses: who.diagnoses }];
  const { account } = who.caller;
  const known = { title: `credentials: ${who.caller.arn}`, diagnoses: who.diagnoses };
  if (patient.hub !== null && patient.hub !== account) {
    // These are the credentials of an account that only has keys.
    const title = `account ${account}, beside its keys`;
    const diagnoses = await keyAccountChecks(patient.home, patient, patient.hub);
    return [here, known, { title, diagnoses }];
  }
  return [here, known, ...(await hubSections(patient, account))];
}

async function hubSections(patient: Patient, account: string): Promise<readonly Section[]> {
  const { home, policy, names, before, members, slack } = patient;
  const { region } = home.place;
  const book = policy.book.ok ? policy.book.value : null;
  const accounts = [account, ...members];
  const ground = [
    ...(await findingChecks(home, book?.defaults.staleDays ?? defaultPolicy.staleDays)),
    ...(await quotaChecks(home)),
    ...(book === null ? [] : await unitChecks(home, book, accounts)),
    ...(await connectionsChecks(home, names)),
    ...(book === null ? [] : await routeChecks(home, names, book)),
  ];
  const sections: Section[] = [
    { title: `account ${account}, Region ${region}`, diagnoses: ground },
  ];
  const deployed = before ? undefined : await isDeployed(home, names);
  const stands = deployed?.state === 'ok' ? { reads: home, names } : undefined;
  if (slack !== undefined) {
    sections.push({ title: 'Slack', diagnoses: await slackChecks(slack, book, stands) });
  }
  if (deployed === undefined) return sections;
  if (deployed.state === 'missing') {
    return [...sections, { title: `stage ${names.stage}`, diagnoses: [deployed] }];
  }
  const stack = [deployed, ...(await stackChecks(home, names))];
  const beside = await keyAccountChecks(home, patient, account);
  return [
    ...sections,
    { title: `stage ${names.stage}`, diagnoses: stack },
    { title: `account ${account}, beside its keys`, diagnoses: beside },
    ...(await Promise.all(
      members
        .filter((member) => member !== account)
        .map((each) => memberSection(patient, each, account)),
    )),
  ];
}

/** Whose they are, whether that is expected, and whether the Region is enabled. */
async function credentials({ home, first, hub, members }: Patient): Promise<{
  readonly caller: Caller | null;
  readonly diagnoses: readonly Diagnosis[];
}> {
  const check = 'credentials';
  const anywhere = await first.caller();
  if (!anywhere.read) {
    const todo = 'Sign in, then try again: aws sts get-caller-identity must answer.';
    const lack = { says: anywhere.problem, means: 'No account can be looked at.', todo };
    return { caller: null, diagnoses: [missing(check, lack)] };
  }
  const { account, partition } = anywhere.value;
  if (hub !== null && account !== hub && !members.includes(account)) {
    const lack = {
      says: `They are of account ${account}; the hub is said to be ${hub}.`,
      means: 'Another account would be looked at.',
      todo: `Sign in to ${hub}, or name the account of the credentials by --account ${account}`,
    };
    return { caller: null, diagnoses: [missing(check, lack)] };
  }
  const valid = ok(check, `Account ${account}, partition ${partition}.`);
  const here = await home.caller();
  if (here.read) return { caller: here.value, diagnoses: [valid, ok('Region', inWords(home))] };
  const lack = {
    says: `${home.place.region} does not let these credentials in: ${here.problem}`,
    means: 'Nothing can be deployed there.',
    todo: `aws account enable-region --region-name ${home.place.region}`,
  };
  return { caller: null, diagnoses: [valid, missing('Region', lack)] };
}

function inWords({ place }: AccountReads): string {
  return `${place.region} is enabled.`;
}

async function memberSection(patient: Patient, account: string, hub: string): Promise<Section> {
  const { names, into } = patient;
  const title = `account ${account}, beside its keys`;
  const door = await into(account);
  if (door.read) {
    return { title, diagnoses: await keyAccountChecks(door.value, patient, hub) };
  }
  const todo =
    'Name a role by --through that lets you in, or sign in to the account and look from there: ' +
    `npm run --silent doctor -- --stage ${names.stage} --hub ${hub} --account ${account}`;
  return { title, diagnoses: [{ ...unknown('access', door), todo }] };
}
