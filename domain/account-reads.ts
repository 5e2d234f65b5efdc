/**
 * What the doctor asks of an account, changing nothing. Every answer says whether it could be
 * read: a refusal is told with the permission that lacks, and is never taken for "not there".
 */
import type { Connection } from './connections.ts';
import type { Place } from './ports.ts';
import type { TrailQuery } from './trail-query.ts';

export type Answer<T> =
  | { readonly read: true; readonly value: T }
  /** `action`: the IAM action that was tried. `denied`: AWS refused it to these credentials. */
  | {
      readonly read: false;
      readonly action: string;
      readonly denied: boolean;
      readonly problem: string;
    };

export interface Caller {
  readonly partition: string;
  readonly account: string;
  readonly arn: string;
}

/** AWS Config's recorder, as far as it matters to rules about IAM users. */
export interface Recorder {
  readonly recording: boolean;
  readonly recordsUsers: boolean;
}

export interface TableFacts {
  readonly active: boolean;
  readonly deletionProtection: boolean;
  readonly pointInTimeRecovery: boolean;
  /** Of the customer's own key; null if it is AWS's. */
  readonly keyArn: string | null;
}

export interface FunctionFacts {
  readonly active: boolean;
  readonly runtime: string;
  readonly arm: boolean;
}

/** One account in one Region. null where there is no such thing. No call changes anything. */
export interface AccountReads {
  readonly place: Place;
  caller(): Promise<Answer<Caller>>;
  recorder(): Promise<Answer<Recorder | null>>;
  /** The names of the Config rules that judge the age of access keys. */
  keyAgeRules(): Promise<Answer<readonly string[]>>;
  /** null if Security Hub is off. */
  standards(): Promise<Answer<readonly string[] | null>>;
  /** Whether that Security Hub control is enabled. */
  control(id: string): Promise<Answer<boolean>>;
  securityHubV2(): Promise<Answer<boolean>>;
  /** Executions of all functions together at once. */
  lambdaConcurrency(): Promise<Answer<number>>;
  /** Whether Automation may go beyond 100 runs at once by itself. */
  adaptiveAutomation(): Promise<Answer<boolean>>;
  /** The units above an account; null if AWS Organizations is not in use. */
  unitsOf(account: string): Promise<Answer<readonly string[] | null>>;
  /** What is wrong with an integration secret, never what it holds; '' if it can be used. */
  connections(name: string, held: readonly Connection[]): Promise<Answer<string | null>>;
  /** The names of teams' routing keys in a secret; null if there is no such secret. */
  routingKeyNames(name: string): Promise<Answer<readonly string[] | null>>;
  parameter(name: string): Promise<Answer<string | null>>;
  /** Who may assume a role: its trust policy as JSON. */
  role(name: string): Promise<Answer<string | null>>;
  lambda(name: string): Promise<Answer<FunctionFacts | null>>;
  /** The address of the HTTP API that may invoke a function; null if none may. */
  apiOf(functionName: string): Promise<Answer<string | null>>;
  /**
   * Asks a configured trail of the last day, for a key that nobody has. It starts a query, which
   * costs what it reads and changes nothing. Its names may hold `${AWS::AccountId}` and
   * `${AWS::Region}`, as the parameters of a stage do.
   */
  askTrail(query: TrailQuery): Promise<Answer<true>>;
  /** A document as it was deployed, as canonical JSON: comments and spaces do not count. */
  document(name: string): Promise<Answer<string | null>>;
  /** How many messages wait in a queue. */
  queue(name: string): Promise<Answer<number | null>>;
  table(name: string): Promise<Answer<TableFacts | null>>;
}

/** Slack, as the bot of the integration secret sees it. */
export interface SlackReads {
  token(): Promise<Answer<SlackToken>>;
  /** How the bot stands to a channel; null if it knows of no such channel. */
  standing(channel: string): Promise<Answer<ChannelStanding | null>>;
  /** Only where a token was given that may read what the app's pages at Slack say. */
  readonly app?: () => Promise<Answer<SlackApp>>;
}

export interface SlackToken {
  /** The id of the workspace that it belongs to. */
  readonly team: string;
  readonly scopes: readonly string[];
}

export type ChannelStanding = 'joined' | 'not joined' | 'archived';

/** What a Slack app asks for, and where it sends what people do: its manifest. */
export interface SlackApp {
  readonly scopes: readonly string[];
  readonly urls: SlackUrls;
}

/** null where it has none. */
export interface SlackUrls {
  readonly interactivity: string | null;
  readonly commands: string | null;
  readonly events: string | null;
}
