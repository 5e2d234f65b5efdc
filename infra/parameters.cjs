/**
 * The rules for a stage's parameters, every problem named at once. What each means stands in
 * serverless.yml; infra/checked-stage.cjs applies them. To deploy takes more than to package: the
 * functions refuse to start without a Slack team and channel.
 */
const { partitionOf, regionProblem } = require('../domain/region.ts');
const { nearestName } = require('../adapters/nearest-name.ts');

const account = /^\d{12}$/;
const unit = /^(?:r-[0-9a-z]{4,32}|ou-[0-9a-z]{4,32}-[0-9a-z]{8,32})$/;
/** Without the wildcards of IAM. */
const path = /^\/(?:[\x21-\x29\x2b-\x3e\x40-\x7e]+\/)*$/;
const tag = /^[^=*?$,]+=[^=*?$,]+$/;
const yesNo = ['yes', 'no'];
/** https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-lock.html (2026-11) */
const mostLockDays = 36_500;

/** CloudFormation fills these in: one template serves accounts whose names differ by them. */
const filledIn = /\$\{AWS::(?:AccountId|Region)\}/g;
/** https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html (2026-11) */
const folder = /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9](?:\/[\w!.'()-]+)*\/?$/;
const keyArn = /^arn:[a-z-]+:kms:[a-z0-9-]+:\d{12}:key\/[\w-]+$/;

/** For each parameter, what is wrong with a value; undefined if nothing is. */
const rules = {
  customAction: matching(/^[A-Za-z0-9]{1,20}$/, 'one to twenty letters and digits'),
  logDays: oneOf([1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 3653]),
  policy: matching(/^infra\/policy\/[\w./-]+\.yml$/, 'a .yml file below infra/policy/'),
  encryption: oneOf(['aws', 'customer']),
  keepOnRemoval: oneOf(yesNo),
  reserveTick: oneOf(yesNo),
  drill: oneOf(yesNo),
  connectionsIn: oneOf(['secrets-manager', 'parameter-store']),
  connections: oneOf(['together', 'apart']),
  githubTokenIn: oneOf(['none', 'secrets-manager', 'parameter-store']),
  configRule: oneOf(['none', 'daily']),
  // https://docs.aws.amazon.com/config/latest/APIReference/API_ConfigurationAggregator.html (2026-11)
  configQueries: matching(/^[\w-]{1,256}$/, 'none, account, or the name of a Config aggregator'),
  objectLockDays: (value) =>
    /^\d{1,5}$/.test(value) && Number(value) <= mostLockDays
      ? undefined
      : 'is not a number of days from 1 to 36500, or 0 for no lock',
  timeZone: (value) =>
    isTimeZone(value) ? undefined : 'is not a time zone such as UTC or Europe/Berlin',
  summaryHour: oneOf(Array.from({ length: 24 }, (_, hour) => hour)),
  // https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html#cron-based (2026-11)
  summaryDays: matching(
    /^(?:MON|TUE|WED|THU|FRI|SAT|SUN)(?:[-,](?:MON|TUE|WED|THU|FRI|SAT|SUN))*$/,
    'days of the week such as MON-FRI or MON,THU',
  ),
  userPaths: (value) =>
    listOf(value).length === 0
      ? 'names no path; / stands for every user'
      : listing([path], 'IAM paths such as /team/, without wildcards')(value),
  scopeTag: oneTag,
  neverPaths: listing([path], 'IAM paths such as /team/, without wildcards'),
  neverTag: oneTag,
  // https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html (2026-11)
  externalId: matching(
    /^[\w+=,.@:/-]{2,1224}$/,
    'an external id: 2 to 1,224 of A-Z a-z 0-9 _+=,.@:/-',
  ),
  organization: matching(/^(?:o-[a-z0-9]{10,32})?$/, 'the id of an organization, o-…, or empty'),
  members: listing([account, unit], 'account ids of 12 digits and organizational units'),
  notMembers: listing([account, unit], 'account ids of 12 digits and organizational units'),
  findingsAccount: matching(/^(?:\d{12})?$/, 'an account id of 12 digits, or empty'),
  findingsRegion: (value) => (value === '' ? undefined : regionProblem(value, partitionOf(value))),
  trailLogGroup: named(/^[\w./#-]{1,512}$/, 'the name of a log group'),
  trailTable: matching(
    /^(?:[a-z0-9_]{1,128}\.[a-z0-9_]{1,128})?$/,
    'database.table of small letters, digits and underscores, or empty',
  ),
  trailWorkgroup: named(/^[\w.-]{1,128}$/, 'the name of an Athena workgroup'),
  trailFiles: named(folder, 'a bucket with or without a prefix, as bucket/AWSLogs'),
  trailResults: named(folder, 'a bucket with or without a prefix, as bucket/keyturn'),
  trailKeys: listing([keyArn], 'ARNs of KMS keys'),
  trailDays: wholeFrom(1, 90),
  trailCycleMinutes: wholeFrom(15, 120),
  slackTeam: matching(/^(?:[TE][A-Z0-9]{2,})?$/, 'the id of a Slack workspace, T… or E…, or empty'),
  slackChannel: matching(
    /^(?:[CG][A-Z0-9]{2,})?$/,
    'the id of a Slack channel, C… or G…, or empty',
  ),
};

function matching(pattern, what) {
  return (value) => (pattern.test(value) ? undefined : `is not ${what}`);
}

/** Or empty. */
function named(pattern, what) {
  return (value) =>
    value === '' || pattern.test(value.replaceAll(filledIn, '0'))
      ? undefined
      : `is not ${what}, nor empty`;
}

function wholeFrom(least, most) {
  return (value) =>
    /^\d{1,4}$/.test(value) && Number(value) >= least && Number(value) <= most
      ? undefined
      : `is not a whole number from ${least} to ${most}`;
}

function oneOf(known) {
  return (value) =>
    known.map(String).includes(value) ? undefined : `is none of ${known.join(', ')}`;
}

function listing(forms, what) {
  return (value) =>
    listOf(value).every((each) => forms.some((form) => form.test(each)))
      ? undefined
      : `is not a comma-joined list of ${what}`;
}

function oneTag(value) {
  return value === '' || tag.test(value)
    ? undefined
    : 'is not one tag name=value without wildcards, nor empty';
}

function isTimeZone(value) {
  try {
    new Intl.DateTimeFormat('en', { timeZone: value });
    return true;
  } catch {
    return false;
  }
}

function listOf(value) {
  return String(value)
    .split(',')
    .map((each) => each.trim())
    .filter((each) => each !== '');
}

/** Every problem with the values of a stage; `command` is what serverless was asked to do. */
function problemsWith(given, command) {
  const values = Object.fromEntries(
    Object.entries(given).map(([name, value]) => [name, String(value)]),
  );
  const known = Object.keys(rules);
  const strange = Object.keys(values).filter((name) => !known.includes(name));
  return [
    ...strange.map((name) => `there is no parameter ${name}${meant(name, known)}`),
    ...known.flatMap((name) => {
      const value = values[name] ?? '';
      const problem = rules[name](value);
      return problem === undefined ? [] : [`${name} ${problem} (it says "${value}")`];
    }),
    ...problemsTogether(values),
    ...(command === 'deploy' ? missingToDeploy(values) : []),
  ];
}

function meant(name, known) {
  const near = nearestName(name, known);
  return near === undefined ? '' : `: did you mean ${near}?`;
}

function problemsTogether(values) {
  const { members, organization, findingsAccount, findingsRegion } = values;
  const asksUnits = listOf(members).some((each) => unit.test(each));
  return [
    ...(asksUnits && organization === ''
      ? ['organization is empty, and only by it can the accounts of a unit be let in']
      : []),
    ...(findingsRegion !== '' && findingsAccount === ''
      ? ['findingsRegion says where in findingsAccount, which is empty']
      : []),
    ...drillProblems(values),
    ...trailProblems(values),
  ];
}

/** Dummies are dummies in the hub's own account: nobody else's path is to mean as much. */
function drillProblems({ drill, members, encryption }) {
  if (drill !== 'yes') return [];
  return [
    ...(listOf(members).length > 0
      ? ['drill is yes, and members are served too: hold drills in an account of their own']
      : []),
    ...(encryption === 'customer'
      ? ['drill is yes, and its function may not use the key of encryption customer: set it to aws']
      : []),
  ];
}

/** One source or none, and with a table all that it needs. */
function trailProblems(values) {
  const { trailLogGroup = '', trailTable = '', trailKeys = '' } = values;
  const needed = ['trailWorkgroup', 'trailFiles', 'trailResults'];
  const given = needed.filter((name) => (values[name] ?? '') !== '');
  const lacking = needed.filter((name) => !given.includes(name));
  const idle = [...given, ...(trailKeys === '' ? [] : ['trailKeys'])];
  if (trailTable !== '') {
    return [
      ...(trailLogGroup === '' ? [] : ['trailLogGroup and trailTable: one of them is enough']),
      ...lacking.map((name) => `${name} is empty, and trailTable cannot be queried without it`),
    ];
  }
  return idle.map((name) => `${name} says how to query trailTable, which is empty`);
}

function missingToDeploy(values) {
  return ['slackTeam', 'slackChannel']
    .filter((name) => values[name] === '')
    .map((name) => `${name} is empty: no function would start; give it to deploy`);
}

/** The parameters of the stage, with lists and numbers as such. */
async function readParameters({ resolveVariable }) {
  const values = { stage: await resolveVariable('sls:stage') };
  for (const name of Object.keys(rules)) values[name] = await resolveVariable(`param:${name}`);
  return {
    ...values,
    memberAccounts: listOf(values.members).filter((each) => account.test(each)),
    objectLockDays: Number(values.objectLockDays),
  };
}

module.exports = { listOf, problemsWith, readParameters };
