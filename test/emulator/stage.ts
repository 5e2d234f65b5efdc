/** What is packaged and deployed in the suite: the stage that comes with the fewest surprises. */
export const stage = 'prod';
export const stackName = `keyturn-${stage}`;
