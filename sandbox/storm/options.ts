/** What a storm is made of. The same options make the same storm. */

export interface StormOptions {
  /** Stale keys, each of a user of its own. */
  readonly keys: number;
  /** Events about each key: of several standards, of Config, of Security Hub V2. */
  readonly copies: number;
  readonly accounts: number;
  readonly seed: number;
  /** All accounts have as many keys; or the first has as many as all others, and is heard first. */
  readonly spread: 'even' | 'one floods';
  /** Until everybody is told of the new keys, or until every old key is gone. */
  readonly until: 'told' | 'gone';
}

/** What holds in a storm, and what the model of AWS is set to. */
export const storm = {
  /** One event in so many is malformed. */
  malformedOneIn: 100,
  /** One key in so many is used by nobody: it is retired, and looked at right away. */
  unusedOneIn: 10,
  /** As the event source of serverless.yml. */
  batchSize: 10,
  handlers: 5,
  /** How long a call of AWS, of the store and of Slack takes. */
  latencyMillis: { aws: 20, store: 5, slack: 150 },
  /** Lambda's time limits of serverless.yml. */
  handlerSeconds: 60,
  tickSeconds: 300,
} as const;
