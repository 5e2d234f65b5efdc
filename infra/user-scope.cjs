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
const pathForm = /^\/(?:[\x21-\x29\x2b-\x3e\x40-\x7e]+\/)*$/;

const listOf = (text) =>
  String(text)
    .split(',')
    .map((each) => each.trim())
    .filter((each) => each !== '');

const pathsOf = (name, text) => {
  const paths = listOf(text);
  const bad = paths.filter((path) => !pathForm.test(path));
  if (bad.length > 0) {
    throw new Error(`${name}: ${bad.join(', ')} is no IAM path; write /team/, without wildcards`);
  }
  return paths;
};

const tagOf = (name, text) => {
  const tags = listOf(text);
  if (tags.length === 0) return undefined;
  const [, key, value] = /^([^=*?$]+)=([^=*?$]+)$/.exec(tags[0]) ?? [];
  if (tags.length > 1 || key === undefined) {
    throw new Error(`${name}: "${text}" is not one tag; write name=value, without wildcards`);
  }
  return { [`aws:ResourceTag/${key}`]: value };
};

const usersBelow = (path) => ({
  // biome-ignore lint/suspicious/noTemplateCurlyInString: CloudFormation fills it in
  'Fn::Sub': ['arn:${AWS::Partition}:iam::${AWS::AccountId}:user', path, '*'].join(''),
});

const nobody = usersBelow('/keyturn-nobody/');

const keyActions = ['iam:CreateAccessKey', 'iam:DeleteAccessKey', 'iam:UpdateAccessKey'];

module.exports = async ({ resolveVariable }) => {
  const param = (name) => resolveVariable(`param:${name}`);
  const users = pathsOf('userPaths', await param('userPaths')).map(usersBelow);
  if (users.length === 0) throw new Error('userPaths: name a path; / stands for every user');
  const scopeTag = tagOf('scopeTag', await param('scopeTag'));
  const neverUsers = pathsOf('neverPaths', await param('neverPaths')).map(usersBelow);
  const neverTag = tagOf('neverTag', await param('neverTag'));
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
