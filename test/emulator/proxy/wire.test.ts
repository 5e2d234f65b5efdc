/** What the emulator's proxy reads in requests, and which permissions it takes them to use. */
import { describe, expect, test } from 'vitest';
import { directory } from '../../../sandbox/account/directory.ts';
import type { Principal } from '../../../sandbox/account/identity.ts';
import { virtualClock } from '../../../sandbox/clock.ts';
import { start } from '../world.ts';
import { models } from './models.ts';
import { permissionsOf } from './used-permissions.ts';
import { readWire } from './wire.ts';

const accessKeyId = 'ASIAIOSFODNN7EXAMPLE';
const signed = (service: string) => ({
  authorization:
    `AWS4-HMAC-SHA256 Credential=${accessKeyId}/20261102/us-east-1/${service}/aws4_request, ` +
    'SignedHeaders=host, Signature=0',
});

function read(service: string, headers: object, body: string, method = 'POST', path = '/') {
  return readWire({
    method,
    path,
    headers: { ...signed(service), ...headers },
    body: Buffer.from(body),
  });
}

const query = { 'content-type': 'application/x-www-form-urlencoded; charset=utf-8' };
const account = '111122223333';

function session(): Principal {
  const role = directory(models(virtualClock(start)).ground).addRole(account, 'keyturn', []);
  const caller = { account, arn: role.arn, userId: 'AROA:s', accessKeyId: 'ASIAIOSFODNN7EXAMPLE' };
  return { kind: 'session', caller, role, sessionName: 's', since: start };
}

describe('a request is read', () => {
  test('in the query protocol', () => {
    const request = read('iam', query, 'Action=ListAccessKeys&Version=2010-05-08&UserName=deploy');
    expect(request).toMatchObject({
      service: 'iam',
      region: 'us-east-1',
      accessKeyId: 'ASIAIOSFODNN7EXAMPLE',
      operation: 'ListAccessKeys',
      input: { UserName: 'deploy' },
    });
  });

  test('in the JSON protocol, with the moment at which it was signed', () => {
    const headers = { 'x-amz-target': 'AmazonSSM.GetParameter', 'x-amz-date': '20261102T031407Z' };
    const request = read('ssm', headers, '{"Name":"/keyturn/prod/stop"}');
    expect(request.operation).toBe('GetParameter');
    expect(request.signedAt).toEqual(new Date('2026-11-02T03:14:07Z'));
  });

  test('by its path: Lambda and Security Hub', () => {
    const invoked = read(
      'lambda',
      { 'x-amz-invocation-type': 'Event' },
      '{"a":1}',
      'POST',
      '/2015-03-31/functions/keyturn-prod-witness/invocations',
    );
    expect(invoked).toMatchObject({
      operation: 'Invoke',
      input: { FunctionName: 'keyturn-prod-witness', InvocationType: 'Event' },
    });
    const updated = read('securityhub', {}, '{}', 'PATCH', '/findings/batchupdate');
    expect(updated.operation).toBe('BatchUpdateFindings');
  });

  test('or refused: unsigned, or of an operation that is not known', () => {
    const unsigned = { method: 'GET', path: '/', headers: {}, body: Buffer.alloc(0) };
    expect(() => readWire(unsigned)).toThrow('is not signed');
    expect(() => read('lambda', {}, '', 'GET', '/2015-03-31/functions/x')).toThrow('no operation');
  });
});

describe('permissions that a request uses', () => {
  const used = (...given: Parameters<typeof read>) => permissionsOf(read(...given), session());

  test('of a transaction: those of its items', () => {
    const body = JSON.stringify({
      TransactItems: [
        { Put: { TableName: 'keyturn-prod' } },
        { ConditionCheck: { TableName: 'keyturn-prod' } },
      ],
    });
    const target = { 'x-amz-target': 'DynamoDB_20120810.TransactWriteItems' };
    const resource = `arn:aws:dynamodb:us-east-1:${account}:table/keyturn-prod`;
    expect(used('dynamodb', target, body)).toEqual([
      { action: 'dynamodb:PutItem', resource },
      { action: 'dynamodb:ConditionCheckItem', resource },
    ]);
  });

  test('of a start: the document, and the role that is passed', () => {
    const role = `arn:aws:iam::${account}:role/keyturn-prod-runbook-delete-key`;
    const body = JSON.stringify({
      DocumentName: 'Keyturn-prod-DeleteKey',
      Parameters: { AutomationAssumeRole: [role] },
    });
    const target = { 'x-amz-target': 'AmazonSSM.StartAutomationExecution' };
    expect(used('ssm', target, body).map(({ action }) => action)).toEqual([
      'ssm:StartAutomationExecution',
      'iam:PassRole',
    ]);
  });

  test('of an invocation and an index by the names that IAM has for them', () => {
    const path = '/2015-03-31/functions/keyturn-prod-witness/invocations';
    expect(used('lambda', {}, '{}', 'POST', path)).toEqual([
      {
        action: 'lambda:InvokeFunction',
        resource: `arn:aws:lambda:us-east-1:${account}:function:keyturn-prod-witness`,
      },
    ]);
  });
});
