/**
 * What the witness needs to query a trail that records data events, in CloudWatch Logs or by Athena
 * (docs/operating.md): nothing unless the stage names one. Parameters of the stage:
 *
 *   trailLogGroup      the log group that the trail writes into, beside the witness; or
 *   trailTable         database.table over the trail's files, in the Glue catalog of the account
 *   trailWorkgroup     the Athena workgroup, which says where results go
 *   trailFiles         bucket/prefix of the trail's files: all that Athena reads of it
 *   trailResults       bucket/prefix of the results: all that Athena writes
 *   trailKeys          ARNs of the KMS keys that encrypt files and results; empty: none does
 *   trailDays          how far a query looks back
 *   trailCycleMinutes  for how long one query serves all keys of the account
 *
 * Names of log group, workgroup and buckets may hold ${AWS::AccountId} and ${AWS::Region}.
 */
const { listOf, readParameters } = require('./parameters.cjs');

const sub = (text) => ({ 'Fn::Sub': text });
// biome-ignore lint/suspicious/noTemplateCurlyInString: CloudFormation fills it in
const here = 'arn:${AWS::Partition}';
// biome-ignore lint/suspicious/noTemplateCurlyInString: CloudFormation fills it in
const place = '${AWS::Region}:${AWS::AccountId}';

const queryActions = {
  logs: ['logs:DescribeLogStreams', 'logs:GetQueryResults', 'logs:StartQuery'],
  athena: ['athena:GetQueryExecution', 'athena:GetQueryResults', 'athena:StartQueryExecution'],
  glue: ['glue:GetPartitions', 'glue:GetTable'],
};
const bucketActions = ['s3:GetBucketLocation', 's3:ListBucket'];
const fileActions = ['s3:AbortMultipartUpload', 's3:GetObject', 's3:PutObject'];

const allow = (Sid, Action, Resource, Condition) => ({
  Sid,
  Effect: 'Allow',
  Action,
  Resource,
  ...(Condition === undefined ? {} : { Condition }),
});

const bucketOf = (text) => sub(`${here}:s3:::${text.split('/')[0]}`);
const filesOf = (text) => sub(`${here}:s3:::${text.replace(/\/*$/, '')}/*`);

const logGroup = (name) => sub(`${here}:logs:${place}:log-group:${name}:*`);

function inLogs({ trailLogGroup }) {
  return [
    allow('QueryTheTrail', queryActions.logs, logGroup(trailLogGroup)),
    // The query of a cycle is found among the recent ones. AWS documents no resource for it.
    allow('FindTheQueryOfACycle', 'logs:DescribeQueries', '*'),
  ];
}

const workgroup = (name) => sub(`${here}:athena:${place}:workgroup/${name}`);

function catalog(table) {
  const [database, name] = table.split('.');
  return ['catalog', `database/${database}`, `table/${database}/${name}`].map((each) =>
    sub(`${here}:glue:${place}:${each}`),
  );
}

function inAthena({ trailTable, trailWorkgroup, trailFiles, trailResults, trailKeys }) {
  const keys = listOf(trailKeys);
  return [
    allow('QueryTheTrail', queryActions.athena, workgroup(trailWorkgroup)),
    allow('SeeItsTable', queryActions.glue, catalog(trailTable)),
    allow('FindItsFiles', bucketActions, [bucketOf(trailFiles), bucketOf(trailResults)]),
    allow('ReadItsFiles', 's3:GetObject', filesOf(trailFiles)),
    allow('KeepResults', fileActions, filesOf(trailResults)),
    ...(keys.length === 0
      ? []
      : [allow('DecryptItsFiles', ['kms:Decrypt', 'kms:GenerateDataKey'], keys.map(sub))]),
  ];
}

/**
 * One statement of the boundary: as much as the policy below uses, or that nobody queries a trail.
 * Which action is for what, the policy says.
 */
function boundary({ trailLogGroup, trailTable, trailWorkgroup, trailFiles, trailResults }) {
  if (trailLogGroup !== '') {
    return allow('OnlyTheTrail', [...queryActions.logs, 'logs:DescribeQueries'], '*');
  }
  if (trailTable !== '') {
    const stored = [trailFiles, trailResults].flatMap((each) => [bucketOf(each), filesOf(each)]);
    return allow(
      'OnlyTheTrail',
      [...queryActions.athena, ...queryActions.glue, ...bucketActions, ...fileActions],
      [workgroup(trailWorkgroup), ...catalog(trailTable), ...stored],
    );
  }
  const Action = ['athena:StartQueryExecution', 'logs:StartQuery'];
  return { Sid: 'NeverQueryATrail', Effect: 'Deny', Action, Resource: '*' };
}

const policyOf = (stage, statements) => ({
  WitnessTrailQuery: {
    Type: 'AWS::IAM::Policy',
    Properties: {
      PolicyName: `keyturn-${stage}-witness-trail-query`,
      Roles: [{ Ref: 'WitnessRole' }],
      PolicyDocument: { Version: '2012-10-17', Statement: statements },
    },
  },
});

module.exports = async (variables) => {
  const parameters = await readParameters(variables);
  const { stage, trailLogGroup, trailTable, trailWorkgroup } = parameters;
  const isAsked = trailLogGroup !== '' || trailTable !== '';
  const statements = trailLogGroup !== '' ? inLogs(parameters) : inAthena(parameters);
  return {
    stack: { Resources: isAsked ? policyOf(stage, statements) : {} },
    boundary: boundary(parameters),
    environment: {
      logGroup: trailLogGroup === '' ? '' : sub(trailLogGroup),
      table: trailTable,
      workgroup: trailWorkgroup === '' ? '' : sub(trailWorkgroup),
      days: String(parameters.trailDays),
      cycleMinutes: String(parameters.trailCycleMinutes),
    },
  };
};
