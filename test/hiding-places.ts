/** A repository with a key in each kind of place where people put one. */
import { inBase64, type PlantedKey } from './planted.ts';

/** A file, and what is to be found in it. */
export interface HidingPlace {
  readonly file: string;
  readonly content: string | Buffer;
  /** Of the key id. */
  readonly line: number;
  /** Of the secret value; null where the rule does not know the form. */
  readonly valueAt: number | null;
  readonly encoded?: boolean;
}

export function hidingPlaces(key: PlantedKey): readonly HidingPlace[] {
  return [...inBuilds(key), ...inSettings(key), ...inCode(key), ...encoded(key)];
}

const lines = (...all: readonly string[]) => `${all.join('\n')}\n`;

function at(
  file: string,
  content: string | Buffer,
  line: number,
  valueAt: number | null,
): HidingPlace {
  return { file, content, line, valueAt };
}

const asVariables = ({ keyId, secret }: PlantedKey) =>
  [`AWS_ACCESS_KEY_ID=${keyId}`, `AWS_SECRET_ACCESS_KEY=${secret}`] as const;

function inBuilds(key: PlantedKey): readonly HidingPlace[] {
  const { keyId, secret } = key;
  const [id, value] = asVariables(key);
  const actions = lines(
    'env:',
    `  AWS_ACCESS_KEY_ID: ${keyId}`,
    `  AWS_SECRET_ACCESS_KEY: ${secret}`,
  );
  const jenkins = lines('environment {', `  AWS_ACCESS_KEY_ID = '${keyId}'`, `  ${value}`);
  return [
    at('Dockerfile', lines('FROM x', `ENV ${id}`, `ENV ${value}`), 2, 3),
    at('docker-compose.yml', lines('environment:', `  - ${id}`, `  - ${value}`), 2, 3),
    at('.github/workflows/deploy.yml', actions, 2, 3),
    at('.gitlab-ci.yml', lines('variables:', `  AWS_ACCESS_KEY_ID: "${keyId}"`), 2, null),
    at('Jenkinsfile', jenkins, 2, 3),
  ];
}

function inSettings(key: PlantedKey): readonly HidingPlace[] {
  const { keyId, secret } = key;
  const [id, value] = asVariables(key);
  const ini = lines(
    '[default]',
    `aws_access_key_id = ${keyId}`,
    `aws_secret_access_key = ${secret}`,
  );
  const java = lines('a=b', `aws.accessKeyId=${keyId}`, `aws.secretKey=${secret}`);
  return [
    at('.env', lines('# local', id, value), 2, 3),
    at('etc/crontab', lines('SHELL=/bin/sh', `0 5 * * * root ${id} ${value} sync`), 2, 2),
    at('home/.aws/credentials', ini, 2, 3),
    at('terraform.tfvars', lines(`access_key = "${keyId}"`, `secret_key = "${secret}"`), 1, null),
    at('app.properties', java, 2, null),
  ];
}

function inCode(key: PlantedKey): readonly HidingPlace[] {
  const { keyId, secret } = key;
  const [id, value] = asVariables(key);
  const js = lines(`const key = { accessKeyId: '${keyId}', secretAccessKey: '${secret}' };`);
  const source = [`key = "${keyId}"\n`, `secret_access_key = "${secret}"\n`];
  return [
    at('bin/deploy.sh', lines('#!/bin/sh', `export ${id}`, `export ${value}`), 2, 3),
    at('app.py', lines('import boto3', `client(aws_access_key_id="${keyId}",`), 2, null),
    at('app.js', js, 1, 1),
    at('notebook.ipynb', JSON.stringify({ cells: [{ source }] }, null, 1), 5, 6),
    at('deleted.patch', lines('--- a', `-${id}`, `-${value}`), 2, 3),
  ];
}

function encoded(key: PlantedKey): readonly HidingPlace[] {
  const { keyId, secret } = key;
  const [id, value] = asVariables(key);
  const kubernetes = lines(
    'kind: Secret',
    `  AWS_ACCESS_KEY_ID: ${inBase64(keyId)}`,
    `  AWS_SECRET_ACCESS_KEY: ${inBase64(secret)}`,
  );
  const ini = lines('[default]', `aws_access_key_id=${keyId}`, `aws_secret_access_key=${secret}`);
  const powershell = `\uFEFF$env:${id}\r\n$env:${value}\r\n`;
  return [
    { ...at('k8s/secret.yml', kubernetes, 2, 3), encoded: true },
    { ...at('ci/credentials.b64', inBase64(ini), 1, 1), encoded: true },
    at('windows.ps1', Buffer.from(powershell, 'utf16le'), 1, 2),
    at('big-endian.txt', Buffer.from(powershell, 'utf16le').swap16(), 1, 2),
    at('no-mark.txt', Buffer.from(lines(id, value), 'utf16le'), 1, 2),
  ];
}
