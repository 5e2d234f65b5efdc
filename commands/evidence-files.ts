/** What the evidence commands share: reading the files that they are given, and verifying them. */
import { readFileSync } from 'node:fs';
import { cryptoIds } from '../adapters/crypto-ids.ts';
import { type EvidenceFile, parseEvidenceFile } from '../adapters/evidence-file.ts';
import { complianceProblems } from '../domain/compliance.ts';
import { messageOf } from '../domain/errors.ts';
import {
  type EvidenceReport,
  journalFileProblems,
  reportProblems,
} from '../domain/evidence-report.ts';
import { type Parsed, parsed, refused } from '../domain/parsed.ts';

export interface ReadFile {
  readonly file: string;
  readonly found: Parsed<EvidenceFile>;
}

export function readEvidence(file: string): ReadFile {
  const content = readText(file);
  return { file, found: content.ok ? parseEvidenceFile(content.value) : content };
}

export function readText(file: string): Parsed<string> {
  try {
    return parsed(readFileSync(file, 'utf8'));
  } catch (error) {
    return refused(`the file cannot be read: ${messageOf(error)}`);
  }
}

export function reportsAmong(read: readonly ReadFile[]): readonly EvidenceReport[] {
  return read.flatMap(({ found }) =>
    found.ok && found.value.kind === 'report' ? [found.value.report] : [],
  );
}

/** Everything by which a file is not as Keyturn wrote it, or does not follow one given with it. */
export function problemsOf(found: EvidenceFile, all: readonly EvidenceReport[]): readonly string[] {
  const { digest } = cryptoIds;
  if (found.kind === 'compliance') return complianceProblems(found.answer, digest);
  if (found.kind === 'journal') return journalFileProblems(found.file, digest);
  return [...reportProblems(found.report, digest), ...broken(found.report, all)];
}

/** Where the report before is at hand and is another than it was. */
function broken({ previous, stage }: EvidenceReport, all: readonly EvidenceReport[]) {
  return all
    .filter((each) => each.stage === stage && each.period.name === previous.name)
    .filter(({ digest }) => previous.digest !== null && digest !== previous.digest)
    .map(({ period }) => `it follows another report ${period.name} than the one given`);
}
