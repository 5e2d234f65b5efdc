/**
 * The doors through which the hub goes into an account, its own included: one for each thing that
 * it does there (infra/key-roles/doors.yml).
 */
import type { Place } from '../domain/ports.ts';
import { type AssumedRoleSetup, assumedRole } from './assumed-role.ts';
import type { AwsConnection } from './aws-connection.ts';

export interface HubDoors {
  /** Looks at users, keys, policies, secrets' labels, runs. */
  readonly reader: (place: Place) => AwsConnection;
  /** Starts runbooks and asks the witness. */
  readonly launcher: (place: Place) => AwsConnection;
  /** Writes to findings. */
  readonly findings: (place: Place) => AwsConnection;
}

export interface HubDoorsSetup extends Omit<AssumedRoleSetup, 'roleName'> {
  /** Roles are named `<prefix>-reader` and so on. */
  readonly prefix: string;
  /** Where all findings are updated; null: each in its own account and Region. */
  readonly findingsPlace: Pick<Place, 'account' | 'region'> | null;
}

/** Connections by place; see `assumedRole` for what their calls throw. */
export function hubDoors({ prefix, findingsPlace, ...setup }: HubDoorsSetup): HubDoors {
  const door = (name: string) => assumedRole({ ...setup, roleName: `${prefix}-${name}` });
  const findings = door('findings');
  return {
    reader: door('reader'),
    launcher: door('launcher'),
    findings: (place) => findings({ ...place, ...findingsPlace }),
  };
}
