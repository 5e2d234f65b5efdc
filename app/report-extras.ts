/**
 * What goes with a report beside journals: the last inventory of its period, told in the report
 * itself; what AWS Config said when it was made, and a page for people, each a file of its own.
 * The report stands without them: what cannot be had for good is logged and named.
 */
import { complianceOf } from '../domain/compliance.ts';
import { messageOf, Permanent } from '../domain/errors.ts';
import type {
  ConfigSource,
  EvidencePages,
  EvidenceShelf,
  JournalText,
} from '../domain/evidence-archive.ts';
import { type InventoryTold, inventoryTold, type ReportHead } from '../domain/evidence-report.ts';
import { type Instant, plus } from '../domain/instant.ts';
import { dayOf } from '../domain/inventory-record.ts';
import type { Digest } from '../domain/journal.ts';
import type { Clock, Log } from '../domain/ports.ts';
import { type ReportPeriod, weekBefore } from '../domain/report-period.ts';

export interface ExtrasShell {
  readonly shelf: EvidenceShelf;
  readonly pages: EvidencePages;
  /** null where nobody is to ask Config. */
  readonly config: ConfigSource | null;
  readonly clock: Pick<Clock, 'now'>;
  readonly log: Log;
  readonly digest: Digest;
}

/** What became of each. */
export interface ExtrasKept {
  readonly page: 'written' | 'too large' | 'failed';
  readonly compliance: 'asked' | 'kept before' | 'not asked' | 'failed';
}

/** Config tells of now alone: of a period that ended longer ago it is not asked. */
const askedWithin = { days: 8 } as const;

/** So many weeks before are drawn beside it. */
const weeksDrawn = 12;

/** So many days back an inventory of the period is looked for. */
const mostDays = 7;

/** The last inventory that was taken in the period. Throws Transient. */
export async function lastInventory(
  { shelf, log }: Pick<ExtrasShell, 'shelf' | 'log'>,
  { from, to }: ReportPeriod,
): Promise<InventoryTold | undefined> {
  for (const date of daysBack(from, to)) {
    const day = await unlessPermanent(log, `the inventory of ${date}`, () =>
      shelf.inventoryOf(date),
    );
    if (day === 'failed' || day === undefined) continue;
    if (from <= day.takenAt && day.takenAt < to) return inventoryTold(day);
  }
  return undefined;
}

/** The days in UTC that the end of a period lies in, newest first. */
function daysBack(from: Instant, to: Instant): readonly string[] {
  const days: string[] = [];
  for (let back = 0; back <= mostDays; back += 1) {
    const date = dayOf(plus(to, { days: -back }));
    if (date >= dayOf(from)) days.push(date);
  }
  return days;
}

/** Throws Transient, so that the whole is tried again; what can never be had is named. */
export async function keepExtras(
  shell: ExtrasShell,
  head: ReportHead,
  journals: readonly JournalText[],
): Promise<ExtrasKept> {
  const { log } = shell;
  const { name } = head.period;
  const compliance = await unlessPermanent(log, `what Config says for report ${name}`, () =>
    keepCompliance(shell, head.period),
  );
  const page = await unlessPermanent(log, `the page of report ${name}`, () =>
    keepPage(shell, head, journals),
  );
  return { page, compliance };
}

async function keepCompliance(
  { shelf, config, clock, digest }: ExtrasShell,
  { name, to }: ReportPeriod,
): Promise<ExtrasKept['compliance']> {
  if ((await shelf.complianceOf(name)) !== undefined) return 'kept before';
  const askedAt = clock.now();
  if (config === null || plus(to, askedWithin) < askedAt) return 'not asked';
  const answer = complianceOf(await config.users(), { askedAt, askedOf: config.askedOf }, digest);
  await shelf.keepCompliance(name, answer);
  return 'asked';
}

async function keepPage(
  { shelf, pages, log }: ExtrasShell,
  head: ReportHead,
  journals: readonly JournalText[],
): Promise<'written' | 'too large'> {
  const answers = [];
  let period: ReportPeriod | null = head.period;
  for (let week = 0; week <= weeksDrawn && period !== null; week += 1) {
    const { name } = period;
    const answer = await unlessPermanent(log, `what Config said for report ${name}`, () =>
      shelf.complianceOf(name),
    );
    if (answer !== undefined && answer !== 'failed') answers.unshift(answer);
    period = weekBefore(period);
  }
  const page = pages.pageOf(head, journals, answers);
  if (page === null) return 'too large';
  await shelf.keepPage(head.period.name, page);
  return 'written';
}

async function unlessPermanent<T>(
  log: Log,
  what: string,
  act: () => Promise<T>,
): Promise<T | 'failed'> {
  try {
    return await act();
  } catch (error) {
    if (!(error instanceof Permanent)) throw error;
    log.error('evidence: not to be had', { what, problem: messageOf(error) });
    return 'failed';
  }
}
