/**
 * AWS Organizations: one organisation over all accounts, as a tree that can be set. An account that
 * was put nowhere is right under the root.
 * https://docs.aws.amazon.com/organizations/latest/APIReference/API_ListParents.html (2026-11)
 */
import type { ListParentsRequest, ListParentsResponse } from '@aws-sdk/client-organizations';
import { awsError, type ServiceModel } from './service.ts';
import { strict } from './strict.ts';

export const rootId = 'r-ab12';

const accountForm = /^\d{12}$/;
const unitForm = /^ou-[0-9a-z]{4,32}-[0-9a-z]{8,32}$/;

export interface Organization {
  readonly model: ServiceModel;
  /** Makes a unit (or moves it) below another one or the root. */
  putUnit(unit: string, under: string): void;
  /** Moves an account into a unit or right under the root. */
  putAccount(account: string, under: string): void;
  /** From now on, AWS knows of no organisation. */
  dissolve(): void;
}

export function organization(): Organization {
  const parents = new Map<string, string>();
  let exists = true;
  const put = (child: string, form: RegExp, under: string) => {
    if (!form.test(child)) throw new Error(`${child} cannot be put into an organisation`);
    if (under !== rootId && !(unitForm.test(under) && parents.has(under))) {
      throw new Error(`there is no unit ${under} to put ${child} into`);
    }
    parents.set(child, under);
  };
  const parentOf = ({ ChildId = '', MaxResults = 20, NextToken }: Partial<ListParentsRequest>) => {
    if (!exists) {
      throw awsError(
        'AWSOrganizationsNotInUseException',
        'Your account is not a member of an organization.',
      );
    }
    const isAccount = accountForm.test(ChildId);
    if (!isAccount && !unitForm.test(ChildId)) {
      throw awsError('InvalidInputException', `You provided a value that does not match: ChildId`);
    }
    if (MaxResults < 1 || MaxResults > 20 || NextToken !== undefined) {
      throw awsError('InvalidInputException', 'You provided an invalid page.');
    }
    const parent = parents.get(ChildId) ?? (isAccount ? rootId : undefined);
    if (parent === undefined) {
      throw awsError('ChildNotFoundException', `You specified a child that doesn't exist.`);
    }
    return parent;
  };
  return {
    model: strict('organizations', {
      ListParents: {
        takes: ['ChildId', 'MaxResults', 'NextToken'],
        run: (input: ListParentsRequest): ListParentsResponse => {
          const Id = parentOf(input);
          return { Parents: [{ Id, Type: Id === rootId ? 'ROOT' : 'ORGANIZATIONAL_UNIT' }] };
        },
      },
    }),
    putUnit: (unit, under) => put(unit, unitForm, under),
    putAccount: (account, under) => put(account, accountForm, under),
    dissolve: () => {
      exists = false;
    },
  };
}
