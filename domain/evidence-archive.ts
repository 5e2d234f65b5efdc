/** Where evidence is put for auditors: what is put there again is a further version. */
import type { Compliance, ConfigUsers } from './compliance.ts';
import type { JournalFile, ReportHead } from './evidence-report.ts';
import type { InventoryDay } from './inventory-day.ts';

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

/** What goes with a report, each a file of its own. Throws Transient or Permanent. */
export interface EvidenceShelf {
  /** A page for people of the report of that name. */
  keepPage(name: string, page: string): Promise<void>;
  /** What Config said when the report of that name was made. */
  keepCompliance(name: string, answer: Compliance): Promise<void>;
  /** The same again; undefined if there is none, or none to be read. */
  complianceOf(name: string): Promise<Compliance | undefined>;
  /** The inventory of that day; undefined if there is none, or none to be read. */
  inventoryOf(date: string): Promise<InventoryDay | undefined>;
}

/** Draws a report for people. */
export interface EvidencePages {
  /** null where it is too large to be drawn, or does not verify: then the command draws it. */
  pageOf(
    head: ReportHead,
    journals: readonly JournalText[],
    compliance: readonly Compliance[],
  ): string | null;
}

/** What AWS Config says of users, of those whom it is asked of. */
export interface ConfigSource {
  readonly askedOf: Compliance['askedOf'];
  /** Throws Transient or Permanent. */
  users(): Promise<ConfigUsers>;
}
