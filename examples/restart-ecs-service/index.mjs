/** What Lambda loads: the client is that of the runtime, which brings the AWS SDK along. */
import { ECS } from '@aws-sdk/client-ecs';
import { restartOnRotation } from './restart.mjs';

const { SECRET_ARN: secretArn, CLUSTER: cluster, SERVICE: service } = process.env;

export const handler = restartOnRotation({
  secretArn,
  cluster,
  service,
  ecs: new ECS({}),
  log: (line) => console.log(JSON.stringify(line)),
});
