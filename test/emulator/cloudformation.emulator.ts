/**
 * What moto's CloudFormation makes of the packaged templates. It says CREATE_COMPLETE whatever it
 * leaves out: so each resource is looked for in the service that should hold it.
 */
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { type Made, madeOf, pretended } from './deployed/made.ts';
import { deployMembers, members } from './deployed/members.ts';
import { readPackages } from './deployed/package.ts';
import { hubAccount, stackName } from './stage.ts';
import { createWorld, type World } from './world.ts';

let world: World;
let made: readonly Made[];

beforeAll(async () => {
  const packages = readPackages(inject('packages'));
  const accounts = [hubAccount, ...members];
  world = await createWorld(packages, stackName, accounts, deployMembers(packages), async (all) => {
    made = await madeOf(all.stacks, all.ask);
  });
});

afterAll(async () => {
  process.stdout.write(`\n${tableOf(made ?? [])}\n`);
  await world?.stop();
});

function tableOf(all: readonly Made[]): string {
  const rows = all.map(({ type, declared, found }) => {
    const how = found === declared ? 'made' : found === 0 ? 'only pretended' : 'made in part';
    const counts = `${String(declared).padStart(3)} ${String(found).padStart(5)}`;
    return `${type.padEnd(36)} ${counts}  ${how}`;
  });
  return [`${'type'.padEnd(36)} all  made`, ...rows].join('\n');
}

test('moto makes every resource but those of the types that it is known to pretend', () => {
  const missing = made.filter(({ declared, found }) => found < declared).map(({ type }) => type);
  expect(missing.sort()).toEqual([...pretended].sort());
});

test('and says so in its own log', () => {
  const said = world.motoSaid().matchAll(/No Moto CloudFormation support for (\S+)/g);
  const types = new Set([...said].map(([, type]) => type));
  expect([...types].sort()).toEqual([...pretended].sort());
});
