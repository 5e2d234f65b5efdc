/**
 * Where evidence of finished rotations is put for auditors: every version kept, nothing public, TLS
 * only, optionally locked so that nobody can delete it before its time. `serverless remove` leaves it
 * where the stage keeps what it holds; elsewhere CloudFormation refuses to delete it unless it is empty.
 */
const { readParameters } = require('./parameters.cjs');

/** Governance mode: who may bypass it is IAM's to say. The lock itself can never be taken off. */
const lockFor = (days) =>
  days > 0 && {
    ObjectLockEnabled: true,
    ObjectLockConfiguration: {
      ObjectLockEnabled: 'Enabled',
      Rule: { DefaultRetention: { Mode: 'GOVERNANCE', Days: days } },
    },
  };

const bucket = ({ stage, objectLockDays }, encryption, removal) => ({
  Type: 'AWS::S3::Bucket',
  DeletionPolicy: removal.deletion,
  UpdateReplacePolicy: removal.replacement,
  Properties: {
    BucketName: {
      'Fn::Sub': `keyturn-${stage}-evidence-\${AWS::AccountId}-\${AWS::Region}`,
    },
    ...lockFor(objectLockDays),
    VersioningConfiguration: { Status: 'Enabled' },
    BucketEncryption: {
      ServerSideEncryptionConfiguration: [
        { ServerSideEncryptionByDefault: encryption, BucketKeyEnabled: true },
      ],
    },
    PublicAccessBlockConfiguration: {
      BlockPublicAcls: true,
      BlockPublicPolicy: true,
      IgnorePublicAcls: true,
      RestrictPublicBuckets: true,
    },
    // No ACLs: the policy alone says who may.
    OwnershipControls: { Rules: [{ ObjectOwnership: 'BucketOwnerEnforced' }] },
    LifecycleConfiguration: {
      Rules: [
        {
          Id: 'read-seldom-after-a-quarter',
          Status: 'Enabled',
          Transitions: [{ StorageClass: 'STANDARD_IA', TransitionInDays: 90 }],
          AbortIncompleteMultipartUpload: { DaysAfterInitiation: 7 },
        },
      ],
    },
  },
});

const onlyEncryptedInTransit = {
  Type: 'AWS::S3::BucketPolicy',
  Properties: {
    Bucket: { Ref: 'EvidenceBucket' },
    PolicyDocument: {
      Version: '2012-10-17',
      Statement: [
        {
          Sid: 'OnlyEncryptedInTransit',
          Effect: 'Deny',
          Principal: '*',
          Action: 's3:*',
          Resource: [
            { 'Fn::GetAtt': ['EvidenceBucket', 'Arn'] },
            // biome-ignore lint/suspicious/noTemplateCurlyInString: CloudFormation fills it in
            { 'Fn::Sub': '${EvidenceBucket.Arn}/*' },
          ],
          Condition: { Bool: { 'aws:SecureTransport': 'false' } },
        },
      ],
    },
  },
};

module.exports = async (variables) => {
  const parameters = await readParameters(variables);
  const encryption = await variables.resolveVariable(
    `file(infra/encryption/${parameters.encryption}.yml):bucket`,
  );
  const removal = await variables.resolveVariable(
    `file(infra/choices.yml):removal.${parameters.keepOnRemoval}`,
  );
  return {
    Resources: {
      EvidenceBucket: bucket(parameters, encryption, removal),
      EvidenceBucketPolicy: onlyEncryptedInTransit,
    },
  };
};
