/**
 * One recorder of several, each of which writes to the findings that are its own. One that fails
 * holds up no other.
 */
import type { FindingRecorder } from '../domain/ports.ts';
import { allOf } from './all-of.ts';

/** Throws what `allOf` throws, after all have been asked. */
export function recordEverywhere(recorders: readonly FindingRecorder[]): FindingRecorder {
  return {
    record: async (result) => {
      await allOf(recorders.map((recorder) => () => recorder.record(result)));
    },
  };
}
