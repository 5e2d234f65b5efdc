/** A part of the page that scrolls by itself, and so has a name and is reached by keyboard. */
import type { ComponentChildren, RefObject } from 'preact';

interface Props {
  readonly name: string;
  readonly look: string;
  readonly room?: RefObject<HTMLElement | null>;
  readonly children: ComponentChildren;
}

export function Scroll({ name, look, room, children }: Props) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls is reached by keyboard
    <section class={look} ref={room ?? null} tabIndex={0} aria-label={name}>
      {children}
    </section>
  );
}
