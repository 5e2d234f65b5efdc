/**
 * What the page of the console is told, as JSON. Types only, shared by the server and the page. No
 * secret value is in any of it: keys and versions of secrets are named by their ids.
 */
import type { StageName } from '../../domain/stage.ts';
import type { ShownBlock, ShownView } from '../slack-rules.ts';
import type { PersonaKey } from './acts.ts';

export type FaultName =
  | 'slack down'
  | 'slack rate limited'
  | 'pagerduty down'
  | 'aws throttles'
  | 'events lost'
  | 'crash after create';

export interface FaultView {
  readonly name: FaultName;
  readonly about: string;
  readonly on: boolean;
  /** Calls or events that it has struck. */
  readonly struck: number;
}

export interface PersonView {
  /** As the sandbox names them: `ada`. */
  readonly key: PersonaKey;
  readonly name: string;
  readonly slackUserId: string;
  readonly roles: string;
}

/** Of all views: how the world stands now. `version` moves whenever anything may have changed. */
export interface Pulse {
  /** Of which start of the console: another one has another token, and counts from 1 again. */
  readonly opened: string;
  /** Of which world; another one begins at version 1 again. */
  readonly world: number;
  readonly version: number;
  readonly scene: string;
  readonly start: string;
  readonly now: string;
  /** Virtual seconds in a second; null while it stands. */
  readonly playing: number | null;
  /** The moment that is being gone to; null while nothing is. */
  readonly until: string | null;
  /** Why an operator stopped Keyturn; null while it may act. */
  readonly stopped: string | null;
  readonly users: number;
  readonly stages: Readonly<Partial<Record<StageName, number>>>;
  readonly messages: number;
  readonly openIncidents: number;
  readonly runsInFlight: number;
  readonly undelivered: number;
  readonly faults: readonly FaultView[];
  readonly people: readonly PersonView[];
}

export interface RowKey {
  readonly keyId: string;
  readonly createdAt: string;
  readonly status: 'Active' | 'Inactive';
  readonly lastUsedAt: string | null;
}

/** A user of the fleet. */
export interface Row {
  /** Account and unique id. */
  readonly id: string;
  readonly account: string;
  readonly userName: string;
  readonly gone: boolean;
  readonly owner: string | null;
  readonly about: string;
  readonly forgetful: boolean;
  readonly keys: readonly RowKey[];
  /** The latest rotation of any of its keys. */
  readonly rotation: string | null;
  readonly stage: StageName | null;
  /** Why it is held, or how it ended. */
  readonly note: string | null;
  readonly deadline: { readonly what: string; readonly at: string } | null;
}

/** Rows that changed after the version that was asked about; all of them after 0. */
export interface FleetView {
  readonly world: number;
  readonly version: number;
  readonly staleDays: number;
  readonly rows: readonly Row[];
}

export interface StepView {
  readonly name: string;
  readonly action: string;
  readonly status: string;
  readonly startedAt: string | null;
  readonly endedAt: string | null;
  readonly inputs: Readonly<Record<string, string>>;
  readonly outputs: Readonly<Record<string, string>>;
  readonly failure: string | null;
}

/** One execution of a runbook. */
export interface RunView {
  readonly id: string;
  readonly document: string;
  readonly account: string;
  readonly userName: string;
  readonly rotation: string;
  readonly effect: string;
  readonly status: string;
  readonly startedAt: string;
  readonly endedAt: string | null;
  readonly failure: string | null;
  readonly steps: readonly StepView[];
}

export interface EffectView {
  readonly id: string;
  readonly type: string;
  readonly text: string;
  /** `outstanding` until it is performed, superseded or given up. */
  readonly end: string;
  readonly endedAt: string | null;
  readonly run: RunView | null;
}

/** An entry of the journal in words, with its orders and its place in the chain. */
export interface EntryView {
  readonly version: number;
  readonly at: string;
  readonly who: string;
  readonly event: string;
  readonly what: string;
  readonly from: string | null;
  readonly to: string;
  readonly why: readonly string[];
  readonly effects: readonly EffectView[];
  readonly hash: string;
  readonly previousHash: string;
  /** The entry as it is kept, without the state after it. */
  readonly kept: string;
}

export interface KeyView {
  readonly keyId: string;
  readonly role: 'old key' | 'new key' | 'other key';
  readonly status: 'Active' | 'Inactive' | 'Deleted';
  readonly createdAt: string;
  readonly changes: readonly { readonly at: string; readonly to: string; readonly by: string }[];
}

/** What was done with one key, in one Region, from one place by one program. */
export interface UseView {
  readonly keyId: string;
  readonly region: string;
  readonly what: string;
  readonly sourceIp: string;
  readonly userAgent: string;
  readonly times: number;
  readonly refused: number;
  readonly firstAt: string;
  readonly lastAt: string;
}

export interface SecretView {
  readonly name: string;
  readonly region: string;
  readonly versions: readonly {
    readonly id: string;
    readonly createdAt: string;
    readonly labels: readonly string[];
  }[];
}

export interface FindingView {
  readonly id: string;
  readonly title: string;
  readonly workflow: string;
  readonly note: string;
}

/** Everything about one rotation. */
export interface RotationView {
  readonly id: string;
  readonly version: number;
  readonly kind: 'replace' | 'retire';
  readonly account: string;
  readonly userName: string;
  readonly owner: string;
  readonly stage: StageName;
  /** The stage that it is held at, or was stopped at. */
  readonly kept: StageName;
  readonly reason: string | null;
  readonly openedAt: string;
  readonly deadline: { readonly what: string; readonly at: string } | null;
  readonly keys: readonly KeyView[];
  readonly uses: readonly UseView[];
  /** Until when uses are shown: now, or two days after it was done. */
  readonly until: string;
  /** When which key was used, latest 400. */
  readonly moments: readonly {
    readonly keyId: string;
    readonly at: string;
    readonly refused: boolean;
  }[];
  readonly secrets: readonly SecretView[];
  readonly findings: readonly FindingView[];
  readonly journal: readonly EntryView[];
  /** Everything wrong with the journal as a chain; empty when it is whole. */
  readonly chainProblems: readonly string[];
  readonly messageTs: string | null;
  /** Other rotations of the same user, the latest first. */
  readonly others: readonly {
    readonly id: string;
    readonly keyId: string;
    readonly stage: StageName;
  }[];
}

export interface ReplyView {
  readonly ts: string;
  readonly at: string;
  readonly text: string;
  readonly blocks: readonly ShownBlock[];
}

export interface MessageView extends ReplyView {
  readonly channel: string;
  readonly edits: number;
  readonly rotation: string | null;
  readonly replies: readonly ReplyView[];
}

export interface FormView {
  readonly index: number;
  readonly view: ShownView;
}

/** Slack as one person sees it. */
export interface SlackView {
  /** Newest first; only the latest. */
  readonly messages: readonly MessageView[];
  /** Messages beyond those. */
  readonly older: number;
  /** To that person alone, newest first. */
  readonly alone: readonly {
    readonly at: string;
    readonly how: 'ephemeral' | 'direct';
    readonly text: string;
    readonly blocks: readonly ShownBlock[];
  }[];
  readonly form: FormView | null;
}

/** What leaves for PagerDuty, SNS and Security Hub. Newest first. */
export interface OutsideView {
  readonly incidents: readonly {
    readonly dedupKey: string;
    readonly status: string;
    readonly severity: string;
    readonly summary: string;
    readonly triggers: number;
    readonly rotation: string | null;
  }[];
  readonly changes: readonly { readonly at: string; readonly summary: string }[];
  readonly published: readonly {
    readonly id: string;
    readonly at: string;
    readonly subject: string;
    readonly message: string;
    readonly rotation: string | null;
  }[];
  readonly deliveries: readonly {
    readonly at: string;
    readonly kind: string;
    readonly outcome: string;
    readonly reason: string;
    readonly problems: readonly string[];
    readonly event: string;
  }[];
  readonly undelivered: readonly { readonly at: string; readonly problem: string }[];
}
