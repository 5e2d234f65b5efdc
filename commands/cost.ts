/**
 * What Keyturn costs: per 1,000 rotations, and per month in which nothing happens. What is counted
 * comes from rotations played in the sandbox, what it costs from commands/prices.ts.
 *
 *   npm run --silent cost -- [--rotations N] [--json]
 */
import { parseArgs } from 'node:util';
import { messageOf } from '../domain/errors.ts';
import { type Counted, countedRun, type Idle } from '../sandbox/counted-run.ts';
import { type CommandAnswer, say } from './answer.ts';
import { asOf, assumptions, type Priced, prices, region } from './prices.ts';

const usage = [
  'usage: npm run --silent cost -- [--rotations N] [--json]',
  '  --rotations N  play so many usual rotations and count, 20 unless said',
];

export interface CostLine {
  readonly price: Priced;
  readonly count: number;
  readonly dollars: number;
}

export interface Cost {
  readonly asOf: string;
  readonly region: string;
  readonly perThousand: readonly CostLine[];
  readonly perIdleMonth: readonly CostLine[];
  readonly counted: Counted;
}

/** The whole command but for the printing. */
export async function costCommand(args: readonly string[]): Promise<CommandAnswer> {
  let rotations: number;
  let json: boolean;
  try {
    const options = {
      rotations: { type: 'string', default: '20' },
      json: { type: 'boolean', default: false },
    } as const;
    const { values } = parseArgs({ args: [...args], options });
    rotations = Number(values.rotations);
    json = values.json;
    if (!Number.isInteger(rotations) || rotations < 1 || rotations > 200) {
      throw new Error('--rotations takes a whole number from 1 to 200');
    }
  } catch (error) {
    return { status: 2, out: [], errors: [messageOf(error), ...usage] };
  }
  const { counted, idle } = await countedRun(rotations);
  const cost: Cost = {
    asOf,
    region,
    perThousand: rotationLines(counted),
    perIdleMonth: idleLines(idle),
    counted,
  };
  return { status: 0, out: json ? [JSON.stringify(cost)] : told(cost), errors: [] };
}

type Counts = Readonly<Partial<Record<Priced, number>>>;

/** What 1,000 rotations add to a month. */
export function rotationLines(counted: Counted): readonly CostLine[] {
  const { invocations, calls, rotations } = counted;
  const { handlerMillis, besideKeysMillis, gigabytes, logBytesAnInvocation } = assumptions;
  const sum = (of: Readonly<Record<string, number>>, form: RegExp) =>
    Object.entries(of).reduce((all, [name, count]) => all + (form.test(name) ? count : 0), 0);
  const handlers = sum(invocations, /^on/);
  const beside = sum(invocations, /custodian|witness/);
  const seconds = (handlers * handlerMillis + beside * besideKeysMillis) / 1000;
  const counts: Counts = {
    automationStep: counted.automationSteps,
    lambdaRequest: handlers + beside,
    lambdaSecond: seconds * gigabytes,
    tableWrite: counted.writeUnits,
    tableRead: counted.readUnits,
    // One secret a user, for as long as it is kept.
    secretMonth: calls['secretsmanager:CreateSecret'] ?? 0,
    secretCall: sum(calls, /^secretsmanager:/),
    busEvent: sum(calls, /^events:/),
    // Each event goes through the inbound queue: sent, received, deleted.
    queueCall: 3 * (invocations.onFinding ?? 0) + 3 * (invocations.onRunbookFinished ?? 0),
    topicMessage: sum(calls, /^sns:/),
    httpRequest: (invocations.onSlackAction ?? 0) + (invocations.onPagerDutyEvent ?? 0),
    logGigabyte: ((handlers + beside) * logBytesAnInvocation) / 1e9,
  };
  return linesOf(counts, 1000 / rotations);
}

/** What a month costs in which nothing is found. */
export function idleLines({ readUnitsATick, callsATick }: Idle): readonly CostLine[] {
  const { idleTickMillis, gigabytes, logBytesAnInvocation, daysInAMonth } = assumptions;
  const { pollersAQueue, queues, alarms, metrics, dashboards } = assumptions;
  const { dailyMetrics, hoursADailyMetric } = assumptions;
  const ticks = daysInAMonth * 24 * 60;
  const polls = queues * pollersAQueue * daysInAMonth * 24 * 180;
  const secretCalls = callsATick['secretsmanager:GetSecretValue'] ?? 0;
  return linesOf({
    lambdaRequest: ticks,
    lambdaSecond: (ticks * idleTickMillis * gigabytes) / 1000,
    tableRead: ticks * readUnitsATick,
    schedule: ticks,
    queueCall: polls,
    secretMonth: 1,
    secretCall: ticks * secretCalls,
    logGigabyte: (ticks * logBytesAnInvocation) / 1e9,
    alarmMonth: alarms,
    metricMonth: metrics,
    metricHour: dailyMetrics * hoursADailyMetric * daysInAMonth,
    dashboardMonth: dashboards,
  });
}

function linesOf(counts: Counts, times = 1): readonly CostLine[] {
  const priced = (name: string): name is Priced => name in prices;
  return Object.entries(counts)
    .flatMap(([name, each]) => (priced(name) ? [line(name, each * times)] : []))
    .toSorted((a, b) => b.dollars - a.dollars);
}

function line(name: Priced, count: number): CostLine {
  const { dollars, per } = prices[name];
  return { price: name, count, dollars: (count * dollars) / per };
}

export function sumOf(lines: readonly CostLine[]): number {
  return lines.reduce((sum, { dollars }) => sum + dollars, 0);
}

function told({ perThousand, perIdleMonth, counted }: Cost): readonly string[] {
  const secrets = perThousand.find(({ price }) => price === 'secretMonth')?.dollars ?? 0;
  const without = inDollars(sumOf(perThousand) - secrets);
  return [
    `Prices of ${region}, ${asOf}, without free tiers; counted in ${counted.rotations} rotations ` +
      `that took ${counted.days} days.`,
    '',
    `1,000 rotations: ${inDollars(sumOf(perThousand))}, of which ${inDollars(secrets)} a month ` +
      `for 1,000 secrets; ${without} without them (Parameter Store)`,
    ...perThousand.map(row),
    '',
    `A month in which nothing happens: ${inDollars(sumOf(perIdleMonth))}`,
    ...perIdleMonth.map(row),
    '',
    'Prices marked * were not looked up: commands/prices.ts has the links. Said and not counted:',
    `  ${Object.entries(assumptions)
      .map(([name, value]) => `${name} ${value}`)
      .join(', ')}`,
  ];
}

function row({ price, count, dollars }: CostLine): string {
  const { what, known } = prices[price];
  const number = count < 10 ? count.toFixed(2) : Math.round(count).toLocaleString('en-US');
  const mark = known === 'recalled' ? ' *' : '';
  return `  ${inDollars(dollars).padStart(9)}  ${number.padStart(10)} ${what}${mark}`;
}

function inDollars(amount: number): string {
  return `$${amount.toFixed(2)}`;
}

if (import.meta.main) say(await costCommand(process.argv.slice(2)));
