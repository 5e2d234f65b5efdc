/** Where evidence is put for auditors: what is put there again is a further version. */
import type { JournalFile, ReportHead } from './evidence-report.ts';

/** A journal of a report as the text of its file, in UTF-8. */
export type JournalText = Uint8Array;

/** Throws Transient or Permanent. */
export interface EvidenceArchive {
  /** What a journal is in a report: as small as it can be kept until the report is whole. */
  textOf(rotationId: string, entries: JournalFile['entries']): JournalText;
  keepJournal(file: JournalFile): Promise<void>;
  /** As JSON with the journals, and as CSV without. Returns where it is. */
  keepReport(head: ReportHead, journals: readonly JournalText[]): Promise<string>;
  /** The digest of the report of that name; undefined if there is none, or none to be read. */
  digestOf(name: string): Promise<string | undefined>;
}
