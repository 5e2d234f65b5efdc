/** An examination for a terminal: a line for what is well, a paragraph for what is not. */
import type { Diagnosis } from '../app/doctor/diagnosis.ts';
import type { Section } from '../app/doctor/examine.ts';
import { visible, wrapped } from './terminal-text.ts';

const marks = { ok: 'ok     ', missing: 'LACKS  ', unknown: 'UNKNOWN' } as const;
const width = 110;

export function doctorReport(sections: readonly Section[]): readonly string[] {
  return [
    ...sections.flatMap(({ title, diagnoses }) => [title, ...diagnoses.flatMap(linesOf), '']),
    summary(sections),
  ];
}

export interface Counts {
  readonly ok: number;
  readonly missing: number;
  readonly unknown: number;
}

export function countsOf(sections: readonly Section[]): Counts {
  const all = sections.flatMap(({ diagnoses }) => diagnoses);
  const count = (state: Diagnosis['state']) => all.filter((each) => each.state === state).length;
  return { ok: count('ok'), missing: count('missing'), unknown: count('unknown') };
}

function linesOf(diagnosis: Diagnosis): readonly string[] {
  const { state, check, says } = diagnosis;
  const head = `  ${marks[state]} ${check}: ${visible(says)}`;
  if (diagnosis.state === 'ok') return [head];
  const { means, todo } = diagnosis;
  return [
    head,
    ...wrapped(means, '          ', width),
    // In one piece, to be copied.
    `          → ${visible(todo)}`,
  ];
}

function summary(sections: readonly Section[]): string {
  const { ok, missing, unknown } = countsOf(sections);
  if (missing + unknown === 0) return `All ${ok} checks are well. Nothing was changed.`;
  const lacks = `${missing} lack${missing === 1 ? 's' : ''}`;
  const well = `${ok} of ${ok + missing + unknown} checks are well`;
  return `${well}, ${lacks}, ${unknown} could not be looked at. Nothing was changed.`;
}
