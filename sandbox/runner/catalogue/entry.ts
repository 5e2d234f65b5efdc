/** What the AWS documentation says of one Automation action, as data. */

/** `any`: the page names no type, or practice differs from it. */
export type InputType =
  | 'String'
  | 'StringList'
  | 'Boolean'
  | 'Integer'
  | 'StringMap'
  | 'MapList'
  | 'any';

export interface InputEntry {
  readonly type: InputType;
  readonly required?: true;
  readonly values?: readonly string[];
  /** Of an Integer. */
  readonly least?: number;
  readonly most?: number;
  /** Of the items of a list, or the characters of a text. */
  readonly longest?: number;
  /** Code or a template of another language, whose own `{{ … }}` may not be Automation's. */
  readonly foreign?: true;
}

export interface ActionEntry {
  readonly inputs: Readonly<Record<string, InputEntry>>;
  /**
   * Inputs beyond these: `refused`; `near`, where AWS passes on "most parameters" of an API, so
   * that only a slip of the pen is refused; `any`, where they are those of an API named there.
   */
  readonly others: 'refused' | 'near' | 'any';
  /** Outputs that need no declaration. */
  readonly outputs: readonly string[];
  /** Whether there is a response that declared outputs could select from. */
  readonly selects: boolean;
  /** Outputs that a document may not declare anew. */
  readonly reserved?: readonly string[];
  /** Groups of inputs of which one is needed at least. */
  readonly oneOf?: readonly (readonly string[])[];
  /** Inputs that exclude each other. */
  readonly notBoth?: readonly (readonly [string, string])[];
  /** Whether the step may have onCancel. */
  readonly hasOnCancel: boolean;
  /** Whether another step's onCancel may lead here. */
  readonly followsCancel: boolean;
  /** Seconds that timeoutSeconds may not exceed. */
  readonly longestSeconds?: number;
}

export type Catalogue = Readonly<Record<string, ActionEntry>>;

export const text = { type: 'String' } as const;
export const neededText = { type: 'String', required: true } as const;
export const texts = { type: 'StringList' } as const;
export const neededTexts = { type: 'StringList', required: true } as const;
export const flag = { type: 'Boolean' } as const;
export const map = { type: 'StringMap' } as const;
export const maps = { type: 'MapList' } as const;

/** What most actions have in common. */
export const usual = {
  others: 'near',
  outputs: [],
  selects: true,
  hasOnCancel: true,
  followsCancel: true,
} as const;
