/** How performing an effect ends: done, or no longer called for and why. */
export type Performed =
  | 'performed'
  /** Who was told, and by which way. */
  | { readonly told: string; readonly superseded?: never }
  | { readonly superseded: string; readonly told?: never };
