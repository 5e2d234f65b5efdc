/**
 * The text of the query over a trail, for CloudWatch Logs Insights and for Athena. It is put
 * together from parts of which every one has the plain form of its kind: whatever could end a
 * quotation or begin a command is refused, so that nobody's text becomes part of a query.
 *
 * Both group alike: per key, service, Region, address and program, of each half day the first and
 * the last use. Within twelve hours no gap matters, since a key must be quiet for 24 h anyhow;
 * from one half day to another the gap is exact. So the answer stays small, and a cadence is what
 * it was.
 */
import { Permanent } from '../domain/errors.ts';
import type { Instant } from '../domain/instant.ts';
import { type QueryTerms, tableForm } from '../domain/trail-query.ts';

/** What Logs Insights gives at most unless asked page by page; more is a cut. */
export const mostInsightsRows = 10_000;

const accountForm = /^\d{12}$/;
const regionForm = /^[a-z]{2,8}(?:-[a-z]+){1,3}-\d{1,2}$/;
const momentForm = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

/** Throws Permanent where it has not that form; never says what it is instead. */
function part(what: string, value: string, form: RegExp): string {
  if (form.test(value)) return value;
  throw new Permanent(`a trail query was to be made with something that is not ${what}`);
}

function partsOf(terms: QueryTerms) {
  return {
    account: part('an account id', terms.account, accountForm),
    cycle: part('a moment', terms.cycle, momentForm),
    since: part('a moment', terms.since, momentForm),
    regions: terms.regions.map((region) => part('a Region', region, regionForm)),
  };
}

/**
 * In Logs Insights' own language. The log group and the time from which on are told beside it.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CWL_QuerySyntax.html (2026-11)
 */
export function insightsText(terms: QueryTerms): string {
  const { account, cycle, since } = partsOf(terms);
  const asked = ['GetSessionToken', 'GetFederationToken'].map(
    (name) => `strcontains(eventName, "${name}")`,
  );
  const who = 'userIdentity.accessKeyId, eventSource, awsRegion, sourceIPAddress, userAgent';
  return [
    `# keyturn: keys of ${account} since ${since}, cycle of ${cycle}`,
    `fields ${asked.join(' + ')} as asksForSession`,
    `| filter userIdentity.accessKeyId like /^AKIA/ and recipientAccountId = "${account}"`,
    '| stats earliest(eventTime) as firstUse, latest(eventTime) as lastUse, count(*) as uses,',
    'latest(eventName) as lastEvent, max(asksForSession) as asked',
    `by ${who}, bin(12h)`,
    `| limit ${mostInsightsRows}`,
  ].join('\n');
}

/**
 * In Athena's SQL, over a table partitioned by account, region and day (docs/operating.md has its
 * definition). The row without a key is of everything else in the account: it shows how far the
 * trail is written.
 * https://docs.aws.amazon.com/athena/latest/ug/cloudtrail-logs.html (2026-11)
 */
export function athenaText(terms: QueryTerms, table: string): string {
  const { account, cycle, since, regions } = partsOf(terms);
  const [database = '', name = ''] = part('database.table', table, tableForm).split('.');
  const ofKey = (column: string) => `CASE WHEN accesskey = '' THEN '' ELSE ${column} END`;
  const half =
    "substr(eventtime, 1, 10) || CASE WHEN substr(eventtime, 12, 2) < '12' " +
    "THEN ' a' ELSE ' p' END";
  const session = "eventname IN ('GetSessionToken', 'GetFederationToken')";
  return [
    `-- keyturn: keys of ${account} since ${since}, cycle of ${cycle}`,
    "WITH events AS (SELECT *, CASE WHEN useridentity.accesskeyid LIKE 'AKIA%'",
    "  THEN useridentity.accesskeyid ELSE '' END AS accesskey",
    `  FROM "${database}"."${name}"`,
    `  WHERE account = '${account}'`,
    `  AND region IN (${regions.map((region) => `'${region}'`).join(', ')})`,
    `  AND day >= '${dayOf(since)}' AND eventtime >= '${secondOf(since)}'`,
    `  AND recipientaccountid = '${account}')`,
    `SELECT accesskey, ${ofKey('eventsource')} AS service, ${ofKey('awsregion')} AS place,`,
    `  ${ofKey('sourceipaddress')} AS address, ${ofKey('useragent')} AS program,`,
    `  ${ofKey(half)} AS half, min(eventtime) AS firstuse, max(eventtime) AS lastuse,`,
    '  count(*) AS uses, max_by(eventname, eventtime) AS lastevent,',
    `  max(CASE WHEN ${session} THEN 1 ELSE 0 END) AS asked`,
    'FROM events GROUP BY 1, 2, 3, 4, 5, 6',
  ].join('\n');
}

/** `2026/11/10`, as CloudTrail names its folders. */
const dayOf = (moment: Instant | string) => moment.slice(0, 10).replaceAll('-', '/');

/** `2026-11-10T12:00:00Z`, as CloudTrail writes it. */
const secondOf = (moment: Instant | string) => `${moment.slice(0, 19)}Z`;
