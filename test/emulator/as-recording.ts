/**
 * Writes what the emulator suite recorded in the terms of the permission tests: roles without
 * product and stage, the account that a role is in as their home, example names.
 *
 *   KEYTURN_EMULATOR_RECORD=uses.jsonl npm run test:emulator
 *   npx node test/emulator/as-recording.ts uses.jsonl > test/infra/recordings/emulator.jsonl
 */
import { readFileSync } from 'node:fs';
import { comparable, home, readRecording, type Use, writeRecording } from '../infra/recording.ts';

const emulated = 'prod';

/** They act in the hub's account: another account in their resources is another one. */
const ofTheHub = /^(on-|daily-summary$|evidence-report$|scheduler$)/;

/** The use as the permission tests compare it. */
export function asCompared({ role, action, resource }: Use): Use {
  const name = role.replace(`keyturn-${emulated}-`, '');
  // As the sandbox names them: `comparable` puts in the stage in which permissions are judged.
  const named = resource
    .replaceAll(`keyturn-${emulated}`, 'keyturn')
    .replaceAll(`Keyturn-${emulated}-`, 'Keyturn-')
    .replaceAll(`/keyturn/${emulated}/`, '/keyturn/sandbox/')
    // Who asks for a secret by its name is judged by its ARN, with the mark at its end.
    .replace(/(?<=:secret:keyturn-(?:connections|pagerduty-webhook))$/, '-AbCdEf');
  const [, account = home] = /^arn:[^:]*:[^:]*:[^:]*:(\d{12}):/.exec(named) ?? [];
  const caller = ofTheHub.test(name) ? home : account;
  return { role: name, action, resource: comparable(named, caller) };
}

if (import.meta.main) {
  const [file] = process.argv.slice(2);
  if (file === undefined) {
    process.stderr.write('usage: npx node test/emulator/as-recording.ts FILE\n');
    process.exitCode = 2;
  } else {
    const uses = readRecording(readFileSync(file, 'utf8'));
    process.stdout.write(writeRecording(uses.map(asCompared)));
  }
}
