/** How people who pressed a button are asked for more. Types only. */
import type { Rotation } from './case.ts';
import type { Instant } from './instant.ts';
import type { MessagePlace } from './ports.ts';
import type { FormName } from './press.ts';

/** Forms that a person who pressed a button fills in. */
export interface Forms {
  /**
   * Shows the form to whoever pressed, as `triggerId` says, within the seconds for which that is
   * good. `place`: the message that was pressed on. Throws Transient or Permanent.
   */
  open(
    triggerId: string,
    form: FormName,
    about: { readonly rotation: Rotation; readonly place: MessagePlace },
    now: Instant,
  ): Promise<void>;
}
