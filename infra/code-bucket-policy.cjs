/**
 * Who may read the code bucket: CloudFormation reads as the role that deploys in a member account, so
 * accounts of the organisation are let in, if the stage names one; by TLS only. Stages without an
 * organisation copy the code themselves (docs/accounts.md).
 */
const { readParameters } = require('./parameters.cjs');

const arn = { 'Fn::GetAtt': ['CodeBucket', 'Arn'] };
// biome-ignore lint/suspicious/noTemplateCurlyInString: CloudFormation fills it in
const objects = { 'Fn::Sub': '${CodeBucket.Arn}/*' };

module.exports = async (variables) => {
  const { organization } = await readParameters(variables);
  const onlyEncryptedInTransit = {
    Sid: 'OnlyEncryptedInTransit',
    Effect: 'Deny',
    Principal: '*',
    Action: 's3:*',
    Resource: [arn, objects],
    Condition: { Bool: { 'aws:SecureTransport': 'false' } },
  };
  const membersFetchCode = {
    Sid: 'MembersFetchCode',
    Effect: 'Allow',
    Principal: '*',
    Action: 's3:GetObject',
    Resource: objects,
    Condition: { StringEquals: { 'aws:PrincipalOrgID': organization } },
  };
  return [onlyEncryptedInTransit, ...(organization === '' ? [] : [membersFetchCode])];
};
