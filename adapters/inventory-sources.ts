/** What an inventory is taken from: the accounts that are served, and their credential reports. */
import type { CredentialReports, KeyLists, ServedAccounts } from '../domain/inventory.ts';
import type { Clock, Place } from '../domain/ports.ts';
import type { AwsConnection } from './aws-connection.ts';
import { credentialReports } from './credential-report.ts';
import type { HubDoors } from './hub-doors.ts';
import { iamKeyLists } from './iam-user-tags.ts';
import type { Membership } from './member-accounts.ts';
import { organizationTree } from './organization-tree.ts';
import { servedAccounts } from './served-accounts.ts';

export interface InventorySources {
  readonly partition: Place['partition'];
  readonly region: string;
  readonly served: ServedAccounts;
  readonly reports: CredentialReports;
  readonly keyLists: KeyLists;
}

/** `home` is the hub's own connection; the reader's door leads into accounts. */
export function inventorySources(
  { partition, account, region }: Place,
  membership: Omit<Membership, 'home'>,
  wires: {
    readonly home: AwsConnection;
    readonly doors: Pick<HubDoors, 'reader'>;
    readonly clock: Clock;
  },
): InventorySources {
  const { home, doors, clock } = wires;
  const tree = organizationTree(home, clock);
  return {
    partition,
    region,
    served: servedAccounts({ ...membership, home: account }, tree),
    reports: credentialReports(doors.reader, region, clock),
    keyLists: iamKeyLists(doors.reader, region),
  };
}
