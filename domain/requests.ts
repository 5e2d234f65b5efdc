/** What people's tools send by HTTP, and who tells genuine requests from others. */
import type { IncidentAnswered } from './incident.ts';
import type { Instant } from './instant.ts';
import type { Parsed } from './parsed.ts';
import type { MessagePlace } from './ports.ts';
import type { ButtonPress, FormName } from './press.ts';

/** An HTTP request as it arrived: names of headers in any case, a body that may be base64. */
export interface HttpRequest {
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body?: string | undefined;
  readonly isBase64Encoded: boolean;
}

/** Where something was pressed or sent, and by whom. Authorised by nobody. */
export interface SentFrom {
  readonly appId: string;
  /** The workspace, or the organisation if the app is installed on that. */
  readonly teamId: string;
  readonly message: MessagePlace;
  readonly slackUserId: string;
  readonly rotationId: string;
  /** The version of the rotation that the pressed message shows. */
  readonly shownVersion: number;
}

/** A press of a button that says it all. */
export interface SentPress extends SentFrom {
  readonly sent: 'press';
  readonly press: ButtonPress;
}

/** A press of a button that opens a form. */
export interface SentOpening extends SentFrom {
  readonly sent: 'opening';
  readonly form: FormName;
  /** What the form may be shown with; good for three seconds. */
  readonly triggerId: string;
}

/** A form, filled in: the message is the one under which it was opened. */
export interface SentForm extends SentFrom {
  readonly sent: 'form';
  readonly filled: Filled;
}

/** What stands in the fields of a form. */
export type Filled =
  | { readonly form: 'snooze until'; readonly until: Instant }
  /** null: nobody was named. */
  | { readonly form: 'not mine'; readonly namedId: string | null }
  | { readonly form: 'exempt'; readonly reason: string; readonly until: Instant };

export type Sent = SentPress | SentOpening | SentForm;

/** Tells genuine requests from others, before anything in them is looked at, and reads them. */
export interface PressReader {
  read(
    request: HttpRequest,
    now: Instant,
  ): Promise<
    | { readonly genuine: false; readonly why: string }
    | { readonly genuine: true; readonly sent: Parsed<Sent> }
  >;
}

/** What PagerDuty tells of an incident of a rotation. */
export interface ToldIncident {
  readonly rotationId: string;
  /** Which of the rotation's incidents about that. */
  readonly occasion: number;
  readonly answered: IncidentAnswered;
}

/** Tells genuine requests of PagerDuty from others, before anything in them is looked at. */
export interface IncidentReader {
  /** `told` is null for what concerns no rotation. Throws Transient or Permanent. */
  read(
    request: HttpRequest,
  ): Promise<
    | { readonly genuine: false }
    | { readonly genuine: true; readonly told: Parsed<ToldIncident | null> }
  >;
}
