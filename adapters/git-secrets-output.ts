/**
 * What `git secrets --scan`, or `--scan-history` with a commit before each line, wrote: lines of
 * git grep, then advice. https://github.com/awslabs/git-secrets (2026-11)
 */
import { commitIn, nothingRead, outputOf, type ScannerOutput, together } from './scanner-output.ts';

/** A longer line is a program in one line; an id in its first part is found all the same. */
const longestLine = 65_536;

/** The advice that follows what was found. */
const advice = /^\[ERROR\] |^Possible mitigations:|^- |^\s*$/;

export function readGitSecrets(content: string): ScannerOutput {
  return together(content.split(/\r?\n/).map((line, index) => readLine(line, index + 1)));
}

function readLine(whole: string, number: number): ScannerOutput {
  if (advice.test(whole)) return nothingRead;
  const line = whole.slice(0, longestLine);
  const [, commit, file, at, text] =
    /^(?:([0-9a-f]{40}|[0-9a-f]{64}):)?(.+?):(\d+):(.*)$/.exec(line) ?? [];
  if (file === undefined || text === undefined) {
    return { ...nothingRead, problems: [`line ${number}: it is not file:line:text`] };
  }
  return outputOf({
    foundBy: 'git-secrets',
    file,
    line: Number(at),
    commit: commitIn(commit),
    texts: [text],
    ofAws: false,
  });
}
