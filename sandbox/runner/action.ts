/** What every modelled action offers: to check its inputs when a document is read, and to act. */
import type { Instant } from '../../domain/instant.ts';
import type { Place } from '../../domain/ports.ts';
import type { Json, JsonMap } from './json.ts';

/** Where calls go, and as whom. */
export interface ActingPlace extends Place {
  /**
   * The role of assumeRole; absent if the document has none: then it acts as whoever started it.
   */
  readonly roleArn?: string;
  /** SSM names the role's session `Automation-<execution id>`. */
  readonly executionId: string;
  readonly executedBy: string;
}

export interface FunctionAnswer {
  readonly statusCode: number;
  readonly payload: unknown;
  readonly functionError?: string;
}

/** What an action may use. */
export interface ActionContext {
  readonly where: ActingPlace;
  now(): Instant;
  callAws(
    where: ActingPlace,
    call: { readonly service: string; readonly operation: string; readonly input: unknown },
  ): Promise<unknown>;
  invokeFunction(where: ActingPlace, name: string, payload: unknown): Promise<FunctionAnswer>;
  /** Lets something happen after this step, for calls that nobody waits for. */
  soon(run: () => Promise<void>): void;
}

/**
 * https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_FailureDetails.html (2026-11)
 */
export interface Failure {
  readonly stage: 'InputValidation' | 'PreVerification' | 'Invocation' | 'PostVerification';
  readonly type: 'Action' | 'Permission' | 'Throttling' | 'Verification' | 'Internal';
  readonly message: string;
}

export type Outcome =
  /** `response` is what output selectors look into; `outputs` exist without being declared. */
  | { readonly kind: 'succeeded'; readonly response: unknown; readonly outputs: JsonMap }
  | { readonly kind: 'branched'; readonly to: string | undefined }
  /** Nothing to do until then; after that the step has succeeded, or acts again. */
  | {
      readonly kind: 'waiting';
      readonly until: Instant;
      readonly afterwards: 'succeed' | 'act again';
    }
  /** `outputs` are shown although the step failed. */
  | { readonly kind: 'failed'; readonly failure: Failure; readonly outputs: JsonMap };

export interface ActionModel {
  /** Everything wrong with the inputs as they are written. */
  check(inputs: JsonMap): string[];
  /** Steps that the inputs name. */
  targets(inputs: JsonMap): string[];
  /** Outputs that need no declaration. */
  readonly ownOutputs: readonly string[];
  /** Whether the document may declare outputs with selectors. */
  readonly selectsOutputs: boolean;
  /** Seconds after which an attempt has timed out if the step says nothing; undefined: never. */
  readonly timeoutSeconds: number | undefined;
  /** Seconds that no attempt may exceed, whatever the step says; undefined: no limit. */
  readonly limitSeconds: number | undefined;
  perform(inputs: JsonMap, context: ActionContext): Promise<Outcome>;
}

export function failed(
  failure: Pick<Failure, 'stage' | 'type'>,
  message: string,
  outputs: JsonMap = {},
): Outcome {
  return { kind: 'failed', failure: { ...failure, message }, outputs };
}

/** An input that must be a text. */
export function textInput(inputs: JsonMap, name: string): string {
  const value = inputs[name];
  return typeof value === 'string' ? value : '';
}

/** Problems with the presence of inputs. */
export function presenceProblems(
  inputs: JsonMap,
  required: readonly string[],
  allowed: readonly string[] | 'any',
): string[] {
  const missing = required
    .filter((name) => inputs[name] === undefined || inputs[name] === '')
    .map((name) => `input ${name} is missing`);
  if (allowed === 'any') return missing;
  const unknown = Object.keys(inputs)
    .filter((name) => !allowed.includes(name))
    .map((name) => `input ${name} is not known to this runner`);
  return [...missing, ...unknown];
}

/** Whether an input is written so that its value is known before the run. */
export function isLiteral(value: Json | undefined): boolean {
  return !(typeof value === 'string' && value.includes('{{'));
}
