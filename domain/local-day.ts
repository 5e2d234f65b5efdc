/** Which day it is where people are. */
import { Temporal } from 'temporal-polyfill';
import type { Instant } from './instant.ts';

/** `2026-11-23`, in that time zone. */
export function localDay(moment: Instant, timeZone: string): string {
  return Temporal.Instant.from(moment).toZonedDateTimeISO(timeZone).toPlainDate().toString();
}
