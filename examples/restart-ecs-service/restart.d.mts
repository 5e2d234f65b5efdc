/** Types of restart.mjs, for the test. */
export interface Ecs {
  describeServices(input: {
    cluster: string;
    services: string[];
    include: 'TAGS'[];
  }): Promise<{
    services?: {
      serviceArn?: string;
      status?: string;
      tags?: { key?: string; value?: string }[];
    }[];
  }>;
  updateService(input: {
    cluster: string;
    service: string;
    forceNewDeployment: true;
  }): Promise<unknown>;
  tagResource(input: {
    resourceArn: string;
    tags: { key: string; value: string }[];
  }): Promise<unknown>;
}

export type Restarted =
  | { readonly restarted: true; readonly factId: string }
  | { readonly restarted: false; readonly why: string };

export declare const tagKey: string;

export declare function restartOnRotation(deps: {
  secretArn: string;
  cluster: string;
  service: string;
  ecs: Ecs;
  log?: (line: object) => void;
}): (event: unknown) => Promise<Restarted>;
