/** How performing an effect ends: done, or no longer called for and why. */
export type Performed = 'performed' | { readonly superseded: string };
