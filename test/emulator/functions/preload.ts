/**
 * Loaded before a packaged function (`--import`): its clock shows the suite's time, its sleeps let
 * that time pass instead of lasting, and what it sends to Slack and PagerDuty goes to their
 * stand-ins. Timers that guard requests are left as they are.
 */
import dns from 'node:dns';
import { syncBuiltinESMExports } from 'node:module';
import timers from 'node:timers/promises';

const { KEYTURN_EMULATOR_AHEAD_MILLIS: ahead, AWS_ENDPOINT_URL: endpoint } = process.env;
const RealDate = Date;
let aheadMillis = Number(ahead);
const shiftedNow = () => RealDate.now() + aheadMillis;

globalThis.Date = new Proxy(RealDate, {
  apply: () => new RealDate(shiftedNow()).toString(),
  construct: (target, given, newTarget) =>
    Reflect.construct(target, given.length === 0 ? [shiftedNow()] : given, newTarget),
  get: (target, name, receiver) =>
    name === 'now' ? shiftedNow : Reflect.get(target, name, receiver),
});

timers.setTimeout = (async (milliseconds = 0, value?: unknown) => {
  aheadMillis += milliseconds;
  return await timers.setImmediate(value);
}) as typeof timers.setTimeout;

// Nothing of the suite leaves the machine, however an address came about.
dns.lookup = ((host: string) => {
  throw new Error(`the functions of the suite speak to the proxy alone, and to no ${host}`);
}) as unknown as typeof dns.lookup;
syncBuiltinESMExports();

const standIns = /^https:\/\/(slack\.com|events\.pagerduty\.com)\//;
const realFetch = globalThis.fetch;
globalThis.fetch = (input, init) => {
  const url = String(input instanceof Request ? input.url : input);
  if (!standIns.test(url)) throw new Error(`the functions of the suite do not call ${url}`);
  return realFetch(url.replace('https://', `${endpoint}/-/`), init);
};
