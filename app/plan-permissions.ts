/** The permissions that a plan of a real account needs: it reads, and changes nothing. */

interface Statement {
  readonly Sid: string;
  readonly Effect: 'Allow';
  readonly Action: readonly string[];
  readonly Resource: string | readonly string[];
}

export interface PlanPolicy {
  readonly Version: '2012-10-17';
  readonly Statement: readonly Statement[];
}

export interface PlanAsks {
  readonly partition: string;
  /** Whether the policy file has rules for organizational units. */
  readonly units: boolean;
  /** The stage whose rotations are to be known; undefined for none. */
  readonly stage: string | undefined;
}

/** An IAM policy for whoever plans. */
export function planPolicy({ partition, units, stage }: PlanAsks): PlanPolicy {
  const arn = (rest: string) => `arn:${partition}:${rest}`;
  const Effect = 'Allow' as const;
  return {
    Version: '2012-10-17',
    Statement: [
      { Sid: 'ReadUsers', Effect, Action: ofUsers, Resource: arn('iam::*:user/*') },
      {
        Sid: 'ReadPolicies',
        Effect,
        Action: ofPolicies,
        Resource: ['iam::*:group/*', 'iam::*:policy/*', 'iam::aws:policy/*'].map(arn),
      },
      {
        Sid: 'SeeWhichKeysSecretsGave',
        Effect,
        Action: ['secretsmanager:DescribeSecret'],
        Resource: arn('secretsmanager:*:*:secret:keyturn/*'),
      },
      {
        Sid: 'SeeWhichKeysParametersGave',
        Effect,
        Action: ['ssm:ListTagsForResource'],
        Resource: arn('ssm:*:*:parameter/keyturn/users/*'),
      },
      // AWS documents no resource for these lists.
      { Sid: 'ListAll', Effect, Action: [...lists, ...(units ? ofUnits : [])], Resource: '*' },
      ...(stage === undefined
        ? []
        : [
            {
              Sid: 'ReadRotations',
              Effect,
              Action: ['dynamodb:GetItem', 'dynamodb:Query'],
              Resource: [`table/keyturn-${stage}`, `table/keyturn-${stage}/index/*`].map((each) =>
                arn(`dynamodb:*:*:${each}`),
              ),
            },
          ]),
    ],
  };
}

const ofUsers: readonly string[] = [
  'iam:GetAccessKeyLastUsed',
  'iam:GetUser',
  'iam:GetUserPolicy',
  'iam:ListAccessKeys',
  'iam:ListAttachedUserPolicies',
  'iam:ListGroupsForUser',
  'iam:ListUserPolicies',
];

const ofPolicies: readonly string[] = [
  'iam:GetGroupPolicy',
  'iam:GetPolicy',
  'iam:GetPolicyVersion',
  'iam:ListAttachedGroupPolicies',
  'iam:ListGroupPolicies',
];

const lists: readonly string[] = [
  'iam:ListUsers',
  'secretsmanager:ListSecrets',
  'ssm:DescribeParameters',
];

const ofUnits: readonly string[] = ['organizations:ListParents'];
