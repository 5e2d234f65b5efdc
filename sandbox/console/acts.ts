/** What somebody can do in the console, and what comes of it. Types only, for server and page. */
import type { FaultName } from './view.ts';

/** Everybody as whom one can act; Mallory is in the channel and has no role. */
export type PersonaKey = 'olivia' | 'omar' | 'ada' | 'vera' | 'sam' | 'mallory';

/** Which world is begun. */
export type SceneChoice =
  | { readonly kind: 'company' }
  | { readonly kind: 'every mix' }
  | { readonly kind: 'fleet'; readonly seed: string; readonly users: number };

/** By the block of each field, as Slack's client would send it. */
export type FormAnswers = Readonly<Record<string, string | number | null>>;

/** What somebody can do. */
export type Act =
  | { readonly type: 'begin'; readonly scene: SceneChoice }
  | { readonly type: 'play'; readonly secondsPerSecond: number }
  | { readonly type: 'pause' }
  | { readonly type: 'step' }
  | { readonly type: 'advance'; readonly hours: number }
  | {
      readonly type: 'press';
      readonly as: PersonaKey;
      readonly ts: string;
      readonly actionId: string;
    }
  | {
      readonly type: 'send';
      readonly as: PersonaKey;
      readonly form: number;
      readonly answers: FormAnswers;
    }
  | { readonly type: 'close form'; readonly form: number }
  | { readonly type: 'acknowledge'; readonly dedupKey: string }
  | { readonly type: 'fault'; readonly name: FaultName; readonly on: boolean }
  | { readonly type: 'stop'; readonly why: string }
  | { readonly type: 'go' }
  | { readonly type: 'forgetful'; readonly row: string; readonly on: boolean }
  | {
      readonly type: 'report';
      readonly row: string;
      readonly by: 'security hub' | 'config' | 'custom action';
    }
  | {
      readonly type: 'change key';
      readonly row: string;
      readonly keyId: string;
      readonly to: 'Active' | 'Inactive' | 'Deleted';
      readonly as: PersonaKey;
    }
  | { readonly type: 'deliver'; readonly event: string };

/** What came of an act. */
export type ActAnswer =
  | { readonly ok: true; readonly said: string; readonly problems?: readonly string[] }
  | { readonly ok: false; readonly problem: string };
