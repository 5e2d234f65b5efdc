/**
 * The page of one report, drawn where the report is made: of its own text, read back and verified,
 * as a reader would.
 */
import { compare, usualAssumptions } from '../domain/before-after.ts';
import type { EvidencePages } from '../domain/evidence-archive.ts';
import { figuresOf } from '../domain/evidence-figures.ts';
import { reportProblems } from '../domain/evidence-report.ts';
import { cryptoIds } from './crypto-ids.ts';
import { parseEvidenceFile, reportFrame } from './evidence-file.ts';
import { evidencePage } from './evidence-page.ts';

/** What is drawn is in memory several times over. */
export const mostDrawnBytes = 10 * 1024 * 1024;

export function evidencePages(mostBytes = mostDrawnBytes): EvidencePages {
  return {
    pageOf: (head, journals, compliance) => {
      const bytes = journals.reduce((sum, { length }) => sum + length, 0);
      if (bytes > mostBytes) return null;
      const { start, end } = reportFrame(head);
      const texts = journals.map((each) => Buffer.from(each).toString());
      const found = parseEvidenceFile(`${start}${texts.join(',\n')}${end}`);
      if (!found.ok || found.value.kind !== 'report') return null;
      const { report } = found.value;
      const figures = figuresOf([report]);
      if (!figures.ok) return null;
      const problems = new Map([[report.period.name, reportProblems(report, cryptoIds.digest)]]);
      const compared = compare(figures.value, usualAssumptions, null);
      return evidencePage({
        reports: [report],
        figures: figures.value,
        compared,
        compliance,
        problems,
      });
    },
  };
}
