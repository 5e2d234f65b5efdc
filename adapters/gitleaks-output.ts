/**
 * A report of gitleaks, as JSON or as SARIF 2.1.0, also one made with `--redact`.
 * https://github.com/gitleaks/gitleaks/tree/master/report (2026-11)
 */
import * as v from 'valibot';
import {
  commitIn,
  fieldProblems,
  jsonIn,
  lineNumber,
  nothingRead,
  outputOf,
  type ScannerOutput,
  together,
  wholeText,
} from './scanner-output.ts';

const finding = v.looseObject(
  {
    RuleID: v.string('the id of a rule'),
    File: v.string('the name of a file'),
    StartLine: lineNumber,
    Commit: v.nullish(wholeText),
    Secret: v.nullish(wholeText),
    Match: v.nullish(wholeText),
  },
  'an object',
);

const result = v.looseObject(
  {
    ruleId: v.string('the id of a rule'),
    locations: v.pipe(
      v.array(
        v.looseObject({
          physicalLocation: v.looseObject(
            {
              artifactLocation: v.looseObject({ uri: wholeText }, 'an object with uri'),
              region: v.looseObject(
                {
                  startLine: lineNumber,
                  snippet: v.nullish(v.looseObject({ text: v.nullish(wholeText) })),
                },
                'an object with startLine',
              ),
            },
            'an object',
          ),
        }),
        'a list',
      ),
      v.minLength(1, 'a list with a place'),
    ),
    message: v.nullish(v.looseObject({ text: v.nullish(wholeText) })),
    partialFingerprints: v.nullish(v.looseObject({ commitSha: v.nullish(wholeText) })),
  },
  'an object',
);

const sarif = v.looseObject(
  {
    runs: v.array(
      v.looseObject({ results: v.nullish(v.array(v.unknown(), 'a list')) }, 'an object'),
      'a list',
    ),
  },
  'an object',
);

const isOfAws = (rule: string) => /^aws/i.test(rule);

export function readGitleaks(content: string): ScannerOutput {
  const value = jsonIn(content);
  if (value === undefined) return { ...nothingRead, problems: ['it is no JSON'] };
  // Older versions write null when they found nothing.
  if (value === null) return nothingRead;
  if (Array.isArray(value)) {
    return together(value.map((each, index) => readFinding(each, `finding ${index + 1}`)));
  }
  const read = v.safeParse(sarif, value);
  if (!read.success) {
    return {
      ...nothingRead,
      problems: fieldProblems(sarif, value, 'neither JSON nor SARIF of it'),
    };
  }
  const results = read.output.runs.flatMap((run) => run.results ?? []);
  return together(results.map((each, index) => readResult(each, `result ${index + 1}`)));
}

function readFinding(value: unknown, where: string): ScannerOutput {
  const read = v.safeParse(finding, value);
  if (!read.success) return { ...nothingRead, problems: fieldProblems(finding, value, where) };
  const { RuleID, File, StartLine, Commit, Secret, Match } = read.output;
  return outputOf({
    foundBy: 'gitleaks',
    file: File,
    line: StartLine || null,
    commit: commitIn(Commit),
    texts: [Match, Secret].filter((text) => text != null),
    ofAws: isOfAws(RuleID),
  });
}

function readResult(value: unknown, where: string): ScannerOutput {
  const read = v.safeParse(result, value);
  if (!read.success) return { ...nothingRead, problems: fieldProblems(result, value, where) };
  const { ruleId, locations, message, partialFingerprints } = read.output;
  return together(
    locations.map(({ physicalLocation: { artifactLocation, region } }) =>
      outputOf({
        foundBy: 'gitleaks',
        file: artifactLocation.uri,
        line: region.startLine || null,
        commit: commitIn(partialFingerprints?.commitSha),
        texts: [region.snippet?.text, message?.text].filter((text) => text != null),
        ofAws: isOfAws(ruleId),
      }),
    ),
  );
}
