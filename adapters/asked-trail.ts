/** A configured trail, asked once as the witness asks it: for a key that nobody has. */
import type { Answer } from '../domain/account-reads.ts';
import type { Clock } from '../domain/ports.ts';
import { cycleMinutesAllowed, type TrailQuery } from '../domain/trail-query.ts';
import { athenaUsage } from './athena-usage.ts';
import type { AwsConnection } from './aws-connection.ts';
import { logsInsightsUsage } from './logs-insights-usage.ts';
import { triedFact } from './tried-read.ts';

/** As AWS writes ids of keys in its examples: of nobody. */
const nobodys = 'AKIAIOSFODNN7EXAMPLE';

/** A query costs what it reads: a day is enough to see that it answers and is being written. */
const span = { days: 1, cycleMinutes: cycleMinutesAllowed.least } as const;

interface Asking {
  readonly connection: AwsConnection;
  readonly account: () => Promise<string>;
  readonly region: string;
  readonly clock: Clock;
}

/** The witness's own adapters ask, so that what they refuse is refused here, in their words. */
export function askedTrail(query: TrailQuery, asking: Asking): Promise<Answer<true>> {
  const { connection, region, clock } = asking;
  const start = query.kind === 'athena' ? 'athena:StartQueryExecution' : 'logs:StartQuery';
  return triedFact(start, async () => {
    const account = await asking.account();
    const named = (name: string) =>
      // biome-ignore lint/suspicious/noTemplateCurlyInString: as CloudFormation writes it
      name.replaceAll('${AWS::AccountId}', account).replaceAll('${AWS::Region}', region);
    const where = { connection, account, clock, span };
    const source =
      query.kind === 'athena'
        ? athenaUsage({ ...where, table: query.table, workgroup: named(query.workgroup) })
        : logsInsightsUsage({ ...where, logGroup: named(query.logGroup) });
    await source.uses(nobodys, [region]);
    return true as const;
  });
}
