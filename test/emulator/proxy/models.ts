/**
 * What the proxy answers instead of moto, out of the sandbox's own models: SSM Automation on the
 * real runner, CloudTrail's history, Security Hub, last use, and Lambda over the packaged zips.
 */
import { accountModel } from '../../../sandbox/account/account.ts';
import { cloudtrailModel } from '../../../sandbox/account/cloudtrail.ts';
import { type EventListener, emitter, type Ground } from '../../../sandbox/account/ground.ts';
import { iamModel } from '../../../sandbox/account/iam.ts';
import { identity } from '../../../sandbox/account/identity.ts';
import { type Functions, functions } from '../../../sandbox/account/lambda.ts';
import { type LastUsedBook, lastUsedBook } from '../../../sandbox/account/last-used.ts';
import { type SecurityHub, securityHub } from '../../../sandbox/account/securityhub.ts';
import { seeded } from '../../../sandbox/account/seeded.ts';
import type { Operation, ServiceModel } from '../../../sandbox/account/service.ts';
import { defaultSettings } from '../../../sandbox/account/settings.ts';
import { type Documents, ssmModel } from '../../../sandbox/account/ssm.ts';
import { type Trail, trail } from '../../../sandbox/account/trail.ts';
import type { VirtualClock } from '../../../sandbox/clock.ts';
import type { Runner } from '../../../sandbox/runner/runner.ts';
import { type Callers, callers } from './callers.ts';
import { type VersionTokens, versionTokens } from './version-tokens.ts';

export interface Models {
  readonly ground: Ground;
  readonly callers: Callers;
  readonly tokens: VersionTokens;
  readonly lastUsed: LastUsedBook;
  readonly trail: Trail;
  readonly hub: SecurityHub;
  readonly functions: Functions;
  /** The operation if it is one that the proxy answers. */
  find(service: string, operation: string): Operation | undefined;
  /** From then on SSM Automation runs these documents. */
  runDocuments(runner: Runner, documents: Documents): void;
  /** Hears what services say by themselves. */
  onEvent(listener: EventListener): void;
}

export function models(clock: VirtualClock): Models {
  const listeners: EventListener[] = [];
  const names = seeded('emulator');
  const ground: Ground = {
    partition: 'aws',
    clock,
    names,
    settings: defaultSettings,
    sentinel: '',
    emit: emitter(clock, names, listeners),
  };
  const known = callers(ground);
  const lastUsed = lastUsedBook(ground);
  const history = trail(ground);
  const hub = securityHub(ground);
  const lambdas = functions(ground);
  const { people } = known;
  const iam = iamModel({ ground, people, identity: identity(ground, people), lastUsed });
  const answers = new Map<string, ServiceModel>([
    ['account', accountModel(ground, history)],
    ['cloudtrail', cloudtrailModel(ground, history)],
    ['securityhub', hub.model],
    ['lambda', lambdas.model],
    ['iam', only(iam, ['GetAccessKeyLastUsed'])],
  ]);
  return {
    ground,
    callers: known,
    tokens: versionTokens(),
    lastUsed,
    trail: history,
    hub,
    functions: lambdas,
    find: (service, operation) => answers.get(service)?.[operation],
    runDocuments: (runner, documents) => answers.set('ssm', ssmModel({ runner, documents })),
    onEvent: (listener) => {
      listeners.push(listener);
    },
  };
}

function only(model: ServiceModel, names: readonly string[]): ServiceModel {
  return Object.fromEntries(Object.entries(model).filter(([name]) => names.includes(name)));
}
