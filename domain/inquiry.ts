/** What Slack sends when somebody asks: a command that was typed, or a Home tab that was opened. */
import type { Instant } from './instant.ts';
import type { Parsed } from './parsed.ts';
import type { HttpRequest } from './requests.ts';

/** Authorised by nobody yet. */
interface Asked {
  readonly appId: string | undefined;
  /** The workspace, or the organisation if the app is installed on that. */
  readonly teamId: string;
  readonly slackUserId: string;
}

export type Inquiry =
  /** `typed` is what stands after the command. */
  | (Asked & { readonly kind: 'command'; readonly typed: string })
  | (Asked & { readonly kind: 'home opened' })
  /** Slack makes sure of the address: it wants its challenge back. */
  | { readonly kind: 'challenge'; readonly challenge: string }
  /** Genuine, and nothing that asks for anything. */
  | { readonly kind: 'nothing' };

/** Tells genuine requests from others, before anything in them is looked at, and reads them. */
export interface InquiryReader {
  read(
    request: HttpRequest,
    now: Instant,
  ): Promise<
    | { readonly genuine: false; readonly why: string }
    | { readonly genuine: true; readonly sent: Parsed<Inquiry> }
  >;
}
