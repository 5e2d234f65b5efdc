/** What is packaged and deployed in the suite: the stage that comes with the fewest surprises. */
export const stage = 'prod';
export const stackName = `keyturn-${stage}`;
export const region = 'us-east-1';
export const hubAccount = '111122223333';
/** The role by which the suite itself acts in each account. */
export const operator = 'operator';
