/**
 * Whose keys Keyturn may change, as IAM statements: by path and, if asked for, by tag. Parameters of
 * the stage, each a comma-separated text:
 *
 *   userPaths   IAM paths below which users are in scope; `/` is everybody
 *   scopeTag    name=value that a user must bear as well; empty: none is asked for
 *   neverPaths  paths whose users are denied whatever else is allowed
 *   neverTag    name=value whose users are denied whatever else is allowed
 *
 * IAM knows a user's path and tags, not the policies that make it privileged: docs/accounts.md.
 * CommonJS because that is what the `file` variable of serverless.yml loads.
 */
const { listOf, readParameters } = require('./parameters.cjs');

/** The name may hold no =. */
const tagOf = (text) => {
  if (text === '') return undefined;
  const [key, ...value] = text.split('=');
  return { [`aws:ResourceTag/${key}`]: value.join('=') };
};

const usersBelow = (path) => ({
  // biome-ignore lint/suspicious/noTemplateCurlyInString: CloudFormation fills it in
  'Fn::Sub': ['arn:${AWS::Partition}:iam::${AWS::AccountId}:user', path, '*'].join(''),
});

const nobody = usersBelow('/keyturn-nobody/');

const keyActions = ['iam:CreateAccessKey', 'iam:DeleteAccessKey', 'iam:UpdateAccessKey'];

module.exports = async (variables) => {
  const parameters = await readParameters(variables);
  const users = listOf(parameters.userPaths).map(usersBelow);
  const scopeTag = tagOf(parameters.scopeTag);
  const neverUsers = listOf(parameters.neverPaths).map(usersBelow);
  const neverTag = tagOf(parameters.neverTag);
  const may = (Sid, ...Action) => ({
    Sid,
    Effect: 'Allow',
    Action,
    Resource: users,
    ...(scopeTag === undefined ? {} : { Condition: { StringEquals: scopeTag } }),
  });
  const never = (Sid, rest) => ({ Sid, Effect: 'Deny', Action: keyActions, ...rest });
  return {
    create: may('CreateKeysAndUndo', 'iam:CreateAccessKey', 'iam:DeleteAccessKey'),
    switch: may('SwitchKeys', 'iam:UpdateAccessKey'),
    delete: may('DeleteKeys', 'iam:DeleteAccessKey'),
    // Both stand in the boundary, so in every role. Where nobody is named they deny nobody: users
    // below a path that is nobody's.
    neverByPath: never('NeverBelowThesePaths', {
      Resource: neverUsers.length > 0 ? neverUsers : nobody,
    }),
    neverByTag: never(
      'NeverWithThisTag',
      neverTag === undefined
        ? { Resource: nobody }
        : { Resource: usersBelow('/'), Condition: { StringEqualsIgnoreCase: neverTag } },
    ),
  };
};
