/** What trufflehog, gitleaks and git-secrets write, and what is kept of it. */
import { describe, expect, it } from 'vitest';
import { readGitSecrets } from '../../adapters/git-secrets-output.ts';
import { readGitleaks } from '../../adapters/gitleaks-output.ts';
import { readTrufflehog } from '../../adapters/trufflehog-output.ts';
import { plantedKey, tracesOf } from '../planted.ts';

const key = plantedKey('outputs');
const { keyId, secret } = key;
const commit = '0123456789abcdef0123456789abcdef01234567';

const quotesNothing = (value: unknown) => {
  const text = JSON.stringify(value).replaceAll(keyId, '');
  for (const trace of tracesOf(key).slice(1)) expect(text).not.toContain(trace);
};

describe('trufflehog', () => {
  const finding = (data: object, more: object = {}) =>
    JSON.stringify({
      SourceMetadata: { Data: data },
      SourceType: 15,
      DetectorType: 2,
      DetectorName: 'AWS',
      Verified: false,
      Raw: keyId,
      RawV2: `${keyId}:${secret}`,
      Redacted: keyId,
      ...more,
    });

  it.each([
    [{ Filesystem: { file: 'a/.env', line: 3 } }, 'a/.env', 3, null],
    [
      { Git: { commit, file: 'b.py', repository: 'https://x/r', line: 9 } },
      'https://x/r/b.py',
      9,
      commit,
    ],
    [{ S3: { bucket: 'backups', file: 'c.txt', line: 0 } }, 'backups/c.txt', null, null],
    [{ Docker: { file: '/d', image: 'web', tag: '1', layer: 'x' } }, 'web//d', null, null],
    [{ Jenkins: { link: 'https://ci/job/1' } }, 'https://ci/job/1', null, null],
    [{ Stdin: {} }, '(not said)', null, null],
  ])('says where, by its source: %j', (data, file, line, of) => {
    const { hits, problems } = readTrufflehog(finding(data));
    expect(problems).toEqual([]);
    expect(hits).toEqual([
      { foundBy: 'trufflehog', file, line, commit: of, keyId, encoded: false },
    ]);
  });

  it('takes a value whose id it does not tell, and counts what is not of AWS', () => {
    const file = { Filesystem: { file: 'a', line: 1 } };
    const hidden = finding(file, { Raw: '', RawV2: '', Redacted: '' });
    const other = finding(file, { DetectorName: 'Github', Raw: 'x', RawV2: '', Redacted: '' });
    expect(readTrufflehog(`${hidden}\n${other}\n`)).toMatchObject({
      hits: [{ keyId: null, file: 'a', line: 1 }],
      others: 1,
      problems: [],
    });
  });

  it('passes over its log, and names each line that is not as it should be', () => {
    const log = JSON.stringify({ level: 'info-0', msg: 'running source', ts: '2026' });
    const lines = [
      log,
      '',
      `{"Raw":"${secret}"`,
      JSON.stringify({ DetectorName: { it: secret }, Raw: [secret], SourceMetadata: secret }),
      JSON.stringify({ DetectorName: 'AWS', SourceMetadata: { Data: {} } }),
      finding({ Filesystem: { file: 'a', line: -1 } }),
      `"${secret}"`,
    ];
    const { hits, problems } = readTrufflehog(lines.join('\n'));
    expect(hits).toEqual([]);
    expect(problems).toEqual([
      'line 3: it is no JSON',
      'line 4: DetectorName should be the name of a detector',
      'line 4: Raw should be a text',
      'line 4: SourceMetadata should be an object with Data',
      'line 5: SourceMetadata.Data names no source',
      'line 6: SourceMetadata.Data.Filesystem.line should be a line number',
      'line 7: it should be an object',
    ]);
    quotesNothing(problems);
  });
});

describe('gitleaks', () => {
  const finding = {
    RuleID: 'aws-access-token',
    Description: 'AWS',
    StartLine: 12,
    Match: `id=${keyId}`,
    Secret: keyId,
    File: 'a/.env',
    SymlinkFile: '',
    Commit: commit,
  };
  const hit = { foundBy: 'gitleaks', file: 'a/.env', line: 12, commit, keyId, encoded: false };

  it('as JSON', () => {
    expect(readGitleaks(JSON.stringify([finding]))).toEqual({
      hits: [hit],
      others: 0,
      problems: [],
    });
  });

  it('as JSON with secrets redacted: something of AWS is there', () => {
    const redacted = { ...finding, Match: 'id=REDACTED', Secret: 'REDACTED', Commit: '' };
    const slack = { ...redacted, RuleID: 'slack-bot-token' };
    expect(readGitleaks(JSON.stringify([redacted, slack]))).toEqual({
      hits: [{ ...hit, commit: null, keyId: null }],
      others: 1,
      problems: [],
    });
  });

  it('as SARIF', () => {
    const region = { startLine: 12, snippet: { text: keyId } };
    const physicalLocation = { artifactLocation: { uri: 'a/.env' }, region };
    const results = [
      {
        ruleId: 'aws-access-token',
        message: { text: 'aws-access-token has detected secret for file a/.env.' },
        locations: [{ physicalLocation }],
        partialFingerprints: { commitSha: commit },
      },
      { ruleId: 'x', locations: [] },
    ];
    const report = { version: '2.1.0', runs: [{ tool: {}, results }, { results: null }] };
    expect(readGitleaks(JSON.stringify(report))).toEqual({
      hits: [hit],
      others: 0,
      problems: ['result 2: locations should be a list with a place'],
    });
  });

  it.each(['[]', 'null', '{"runs":[]}'])('with nothing found: %s', (content) => {
    expect(readGitleaks(content)).toEqual({ hits: [], others: 0, problems: [] });
  });

  it.each([
    [`[{"Secret":"${secret}"`, ['it is no JSON']],
    [`"${secret}"`, ['neither JSON nor SARIF of it: it should be an object']],
    ['{"runs":3}', ['neither JSON nor SARIF of it: runs should be a list']],
    [
      JSON.stringify([{ ...finding, File: 7, StartLine: secret }, secret]),
      [
        'finding 1: File should be the name of a file',
        'finding 1: StartLine should be a line number',
        'finding 2: it should be an object',
      ],
    ],
  ])('that is none', (content, problems) => {
    const read = readGitleaks(content);
    expect(read.problems).toEqual(problems);
    quotesNothing(read);
  });
});

describe('git-secrets', () => {
  it('reads files, commits and values, and passes over the advice', () => {
    const text = [
      `a b/.env:3:AWS_ACCESS_KEY_ID=${keyId}`,
      `${commit}:x.sh:14:export AWS_SECRET_ACCESS_KEY=${secret}`,
      'account.txt:1:aws_account_id = 1111-2222-3333',
      '',
      '[ERROR] Matched one or more prohibited patterns',
      '',
      'Possible mitigations:',
      '- Mark false positives as allowed using: git config --add secrets.allowed ...',
      `Binary file ${secret} matches`,
    ].join('\r\n');
    const read = readGitSecrets(text);
    const common = { foundBy: 'git-secrets', encoded: false };
    expect(read).toEqual({
      hits: [
        { ...common, file: 'a b/.env', line: 3, commit: null, keyId },
        { ...common, file: 'x.sh', line: 14, commit, keyId: null },
      ],
      others: 1,
      problems: ['line 9: it is not file:line:text'],
    });
    quotesNothing(read);
  });

  it('takes a long line without numbers in good time', () => {
    const started = performance.now();
    expect(
      readGitSecrets(`${':1 '.repeat(30_000)}\n${'a:'.repeat(1_000_000)}`).problems,
    ).toHaveLength(2);
    expect(performance.now() - started).toBeLessThan(5000);
  });
});
