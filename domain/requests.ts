/** What people's tools send by HTTP, and who tells genuine requests from others. */
import type { IncidentAnswered } from './incident.ts';
import type { Instant } from './instant.ts';
import type { Parsed } from './parsed.ts';
import type { MessagePlace } from './ports.ts';
import type { Press } from './press.ts';

/** An HTTP request as it arrived: names of headers in any case, a body that may be base64. */
export interface HttpRequest {
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body?: string | undefined;
  readonly isBase64Encoded: boolean;
}

/** A press of a button, with all that says where it was made and by whom. Authorised by nobody. */
export interface SentPress {
  readonly appId: string;
  /** The workspace, or the organisation if the app is installed on that. */
  readonly teamId: string;
  readonly message: MessagePlace;
  readonly slackUserId: string;
  readonly press: Press;
  readonly rotationId: string;
  /** The version of the rotation that the pressed message shows. */
  readonly shownVersion: number;
}

/** Tells genuine requests from others, before anything in them is looked at, and reads them. */
export interface PressReader {
  read(
    request: HttpRequest,
    now: Instant,
  ): Promise<
    | { readonly genuine: false; readonly why: string }
    | { readonly genuine: true; readonly sent: Parsed<SentPress> }
  >;
}

/** What PagerDuty tells of an incident of a rotation. */
export interface ToldIncident {
  readonly rotationId: string;
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
