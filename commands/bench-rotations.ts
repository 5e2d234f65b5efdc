/** What a usual rotation takes of AWS, by service, and what a thousand of them cost. */
import { type Counted, countedRun } from '../sandbox/counted-run.ts';
import { rotationLines, sumOf } from './cost.ts';
import { asOf, prices, region } from './prices.ts';

export interface RotationCost {
  readonly rotations: number;
  /** Calls of Keyturn's own roles, those for the table left out: that is counted in units. */
  readonly callsPerRotation: number;
  readonly callsByService: Readonly<Record<string, number>>;
  readonly stepsPerRotation: number;
  readonly tableWriteUnitsPerRotation: number;
  readonly tableReadUnitsPerRotation: number;
  readonly dollarsPerThousand: number;
  /** Of these, what secrets cost that are kept for a month. */
  readonly dollarsOfSecrets: number;
  /** Of these, what was priced by memory: whoever relies on it looks those prices up. */
  readonly dollarsRecalled: number;
  readonly pricesAsOf: string;
  readonly pricesOf: string;
}

export async function rotationCost(rotations: number): Promise<RotationCost> {
  return rotationCostOf((await countedRun(rotations)).counted);
}

export function rotationCostOf(counted: Counted): RotationCost {
  const { rotations, calls, automationSteps, writeUnits, readUnits } = counted;
  const byService = new Map<string, number>();
  for (const [name, count] of Object.entries(calls)) {
    const [service = name] = name.split(':');
    byService.set(service, (byService.get(service) ?? 0) + count / rotations);
  }
  const lines = rotationLines(counted);
  return {
    rotations,
    callsPerRotation: [...byService.values()].reduce((sum, each) => sum + each, 0),
    callsByService: Object.fromEntries([...byService].toSorted(([, a], [, b]) => b - a)),
    stepsPerRotation: automationSteps / rotations,
    tableWriteUnitsPerRotation: writeUnits / rotations,
    tableReadUnitsPerRotation: readUnits / rotations,
    dollarsPerThousand: sumOf(lines),
    dollarsOfSecrets: sumOf(lines.filter(({ price }) => price === 'secretMonth')),
    dollarsRecalled: sumOf(lines.filter(({ price }) => prices[price].known === 'recalled')),
    pricesAsOf: asOf,
    pricesOf: region,
  };
}
