/**
 * The output of `trufflehog … --json`: a finding a line. Lines of its log are passed over.
 * https://github.com/trufflesecurity/trufflehog/blob/main/pkg/output/json.go (2026-11)
 */
import * as v from 'valibot';
import {
  commitIn,
  fieldProblems,
  jsonIn,
  lineNumber,
  outputOf,
  type ScannerOutput,
  together,
  wholeText,
} from './scanner-output.ts';

/** Where it stands: each source (Filesystem, Git, S3, Docker, …) has its own names for that. */
const source = v.looseObject(
  {
    file: v.nullish(wholeText),
    path: v.nullish(wholeText),
    bucket: v.nullish(wholeText),
    repository: v.nullish(wholeText),
    image: v.nullish(wholeText),
    link: v.nullish(wholeText),
    commit: v.nullish(wholeText),
    line: v.nullish(lineNumber),
  },
  'an object that says where it is',
);

const finding = v.looseObject(
  {
    DetectorName: v.string('the name of a detector'),
    Raw: v.nullish(wholeText),
    RawV2: v.nullish(wholeText),
    Redacted: v.nullish(wholeText),
    SourceMetadata: v.looseObject(
      { Data: v.record(wholeText, source, 'an object of one source') },
      'an object with Data',
    ),
  },
  'an object',
);

const logLine = v.looseObject({ level: v.string(), msg: v.string() });

export function readTrufflehog(content: string): ScannerOutput {
  return together(content.split('\n').map((line, index) => readLine(line, index + 1)));
}

function readLine(line: string, number: number): ScannerOutput {
  const none = { hits: [], others: 0, problems: [] };
  if (line.trim() === '') return none;
  const where = `line ${number}`;
  const value = jsonIn(line);
  if (value === undefined) return { ...none, problems: [`${where}: it is no JSON`] };
  if (v.is(logLine, value) && !('DetectorName' in value)) return none;
  const read = v.safeParse(finding, value);
  if (!read.success) return { ...none, problems: fieldProblems(finding, value, where) };
  const { DetectorName, Raw, RawV2, Redacted, SourceMetadata } = read.output;
  const [at] = Object.values(SourceMetadata.Data);
  if (at === undefined) {
    return { ...none, problems: [`${where}: SourceMetadata.Data names no source`] };
  }
  const inside = at.file ?? at.path ?? at.link ?? '';
  const holder = at.bucket ?? at.image ?? at.repository ?? '';
  return outputOf({
    foundBy: 'trufflehog',
    file: [holder, inside].filter((part) => part !== '').join('/') || '(not said)',
    // Zero where the source has no lines.
    line: at.line || null,
    commit: commitIn(at.commit),
    texts: [Raw, RawV2, Redacted].filter((text) => text != null),
    ofAws: /^aws/i.test(DetectorName),
  });
}
