/**
 * Checks the parameters of a stage before anything is packaged, and names every problem at once. What
 * each means stands in serverless.yml. To deploy takes more than to package: the functions refuse to
 * start without a Slack team and channel, so `deploy` refuses before it changes anything.
 */
const account = /^\d{12}$/;
const unit = /^(?:r-[0-9a-z]{4,32}|ou-[0-9a-z]{4,32}-[0-9a-z]{8,32})$/;
const yesNo = ['yes', 'no'];

/** For each parameter, what is wrong with a value; undefined if nothing is. */
const rules = {
  customAction: matching(/^[A-Za-z0-9]{1,20}$/, 'one to twenty letters and digits'),
  logDays: oneOf([1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 3653]),
  policy: matching(/^infra\/policy\/[\w./-]+\.yml$/, 'a .yml file below infra/policy/'),
  encryption: oneOf(['aws', 'customer']),
  keepOnRemoval: oneOf(yesNo),
  reserveTick: oneOf(yesNo),
  configRule: oneOf(['none', 'daily']),
  objectLockDays: matching(/^\d{1,5}$/, 'a number of days, or 0 for no lock'),
  timeZone: (value) =>
    isTimeZone(value) ? undefined : 'is not a time zone such as UTC or Europe/Berlin',
  organization: matching(/^(?:o-[a-z0-9]{10,32})?$/, 'the id of an organization, o-…, or empty'),
  members: (value) =>
    listOf(value).every((each) => account.test(each) || unit.test(each))
      ? undefined
      : 'is not a comma-joined list of account ids of 12 digits and organizational units',
  slackTeam: matching(/^(?:[TE][A-Z0-9]{2,})?$/, 'the id of a Slack workspace, T… or E…, or empty'),
  slackChannel: matching(
    /^(?:[CG][A-Z0-9]{2,})?$/,
    'the id of a Slack channel, C… or G…, or empty',
  ),
};

function matching(pattern, what) {
  return (value) => (pattern.test(String(value)) ? undefined : `is not ${what}`);
}

function oneOf(known) {
  return (value) =>
    known.map(String).includes(String(value)) ? undefined : `is none of ${known.join(', ')}`;
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
function problemsWith(values, command) {
  const problems = Object.entries(rules).flatMap(([name, wrong]) => {
    const problem = wrong(values[name]);
    return problem === undefined ? [] : [`${name} ${problem} (it says "${values[name]}")`];
  });
  if (listOf(values.members).some((each) => unit.test(each)) && values.organization === '') {
    problems.push('organization is empty, and only by it can the accounts of a unit be let in');
  }
  if (command !== 'deploy') return problems;
  const missing = ['slackTeam', 'slackChannel'].filter((name) => values[name] === '');
  return [
    ...problems,
    ...missing.map((name) => `${name} is empty: no function would start; give it to deploy`),
  ];
}

/** The parameters of the stage, checked, with lists and numbers as such. */
async function readParameters({ resolveVariable }) {
  const values = { stage: await resolveVariable('sls:stage') };
  for (const name of Object.keys(rules)) values[name] = await resolveVariable(`param:${name}`);
  const problems = problemsWith(values, process.argv[2]);
  if (problems.length > 0) {
    throw new Error(`parameters of stage ${values.stage}: ${problems.join('; ')}`);
  }
  return {
    ...values,
    memberAccounts: listOf(values.members).filter((each) => account.test(each)),
    objectLockDays: Number(values.objectLockDays),
  };
}

module.exports = { readParameters, problemsWith };
