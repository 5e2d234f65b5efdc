/**
 * Says whether evidence is as Keyturn wrote it: reports, and journals that stand alone.
 *
 *   npm run --silent evidence -- verify FILE…
 *
 * A JSON line each: `{"file","ok","problems"}`. Weekly reports that are given together must follow
 * one another where one names the other. Exit status 0: all are whole; 1: some are not, or cannot
 * be read; 2: wrong usage.
 */
import { readFileSync } from 'node:fs';
import { cryptoIds } from '../adapters/crypto-ids.ts';
import { type EvidenceFile, parseEvidenceFile } from '../adapters/evidence-file.ts';
import { messageOf } from '../domain/errors.ts';
import {
  type EvidenceReport,
  journalFileProblems,
  reportProblems,
} from '../domain/evidence-report.ts';
import { type Parsed, refused } from '../domain/parsed.ts';
import { type CommandAnswer, say } from './answer.ts';

const usage = 'usage: npm run --silent evidence -- verify FILE…';

/** The whole command but for the printing. */
export function evidenceCommand(args: readonly string[]): CommandAnswer {
  const [command, ...files] = args;
  const option = args.find((each) => each.startsWith('-'));
  if (command !== 'verify' || files.length === 0 || option !== undefined) {
    const problem = option === undefined ? [] : [`there is no option ${option}`];
    return { status: 2, out: [], errors: [...problem, usage] };
  }
  const read = files.map((file) => ({ file, found: readEvidence(file) }));
  const reports = read.flatMap(({ found }) =>
    found.ok && found.value.kind === 'report' ? [found.value.report] : [],
  );
  const lines = read.map(({ file, found }) => {
    const problems = found.ok ? problemsOf(found.value, reports) : found.problems;
    return { file, ok: problems.length === 0, problems };
  });
  const status = lines.every(({ ok }) => ok) ? 0 : 1;
  return { status, out: lines.map((line) => JSON.stringify(line)), errors: [] };
}

function readEvidence(file: string): Parsed<EvidenceFile> {
  let content: string;
  try {
    content = readFileSync(file, 'utf8');
  } catch (error) {
    return refused(`the file cannot be read: ${messageOf(error)}`);
  }
  return parseEvidenceFile(content);
}

function problemsOf(found: EvidenceFile, all: readonly EvidenceReport[]): readonly string[] {
  const { digest } = cryptoIds;
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

if (import.meta.main) say(evidenceCommand(process.argv.slice(2)));
