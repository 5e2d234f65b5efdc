/**
 * AWS Organizations: one organisation over all accounts, as a tree that can be set. An account that
 * was put nowhere is right under the root.
 * https://docs.aws.amazon.com/organizations/latest/APIReference/API_ListParents.html (2026-11)
 * https://docs.aws.amazon.com/organizations/latest/APIReference/API_ListChildren.html (2026-11)
 */
import type {
  ListAccountsRequest,
  ListAccountsResponse,
  ListChildrenRequest,
  ListChildrenResponse,
  ListParentsRequest,
  ListParentsResponse,
} from '@aws-sdk/client-organizations';
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
  /** It is no longer active, and stays where it is for 90 days. */
  suspend(account: string): void;
  /** From now on, AWS knows of no organisation. */
  dissolve(): void;
}

export function organization(): Organization {
  const parents = new Map<string, string>();
  const suspended = new Set<string>();
  let exists = true;
  const put = (child: string, form: RegExp, under: string) => {
    if (!form.test(child)) throw new Error(`${child} cannot be put into an organisation`);
    if (under !== rootId && !(unitForm.test(under) && parents.has(under))) {
      throw new Error(`there is no unit ${under} to put ${child} into`);
    }
    parents.set(child, under);
  };
  const refuseWithout = () => {
    if (exists) return;
    const problem = 'Your account is not a member of an organization.';
    throw awsError('AWSOrganizationsNotInUseException', problem);
  };
  const parentOf = ({ ChildId = '', MaxResults = 20, NextToken }: Partial<ListParentsRequest>) => {
    refuseWithout();
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
      ...listsOf(parents, suspended, refuseWithout),
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
    suspend: (account) => {
      suspended.add(account);
    },
    dissolve: () => {
      exists = false;
    },
  };
}

/** The lists that lead downwards. */
function listsOf(
  parents: ReadonlyMap<string, string>,
  suspended: ReadonlySet<string>,
  refuseWithout: () => void,
) {
  const stateOf = (account: string) => {
    const state = suspended.has(account) ? 'SUSPENDED' : 'ACTIVE';
    return { State: state, Status: state } as const;
  };
  const childrenOf = ({ ParentId = '', ChildType }: Partial<ListChildrenRequest>) => {
    const inside = [...parents].filter(([, parent]) => parent === ParentId).map(([id]) => id);
    switch (ChildType) {
      case 'ACCOUNT':
        refuseUnknown(ParentId);
        return inside.filter(isAccount);
      case 'ORGANIZATIONAL_UNIT':
        refuseUnknown(ParentId);
        return inside.filter((id) => unitForm.test(id));
      default:
        throw awsError('InvalidInputException', `You provided an invalid value: ${ChildType}`);
    }
  };
  const refuseUnknown = (parent: string) => {
    if (parent === rootId || (unitForm.test(parent) && parents.has(parent))) return;
    throw awsError('ParentNotFoundException', `You specified parent that doesn't exist.`);
  };
  return {
    ListAccounts: {
      takes: ['MaxResults', 'NextToken'],
      run: (input: ListAccountsRequest): ListAccountsResponse => {
        refuseWithout();
        const { items, rest } = pageOf([...parents.keys()].filter(isAccount), input);
        return {
          Accounts: items.map((Id) => ({ Id, Name: `account ${Id}`, ...stateOf(Id) })),
          ...rest,
        };
      },
    },
    ListChildren: {
      takes: ['ParentId', 'ChildType', 'MaxResults', 'NextToken'],
      run: (input: ListChildrenRequest): ListChildrenResponse => {
        refuseWithout();
        const { items, rest } = pageOf(childrenOf(input), input);
        return { Children: items.map((Id) => ({ Id, Type: input.ChildType })), ...rest };
      },
    },
  };
}

const isAccount = (id: string) => accountForm.test(id);

/** 20 a page, the most that AWS gives; the token says how many were given before. */
function pageOf(
  ids: readonly string[],
  { MaxResults = 20, NextToken = '0' }: Pick<ListAccountsRequest, 'MaxResults' | 'NextToken'>,
): { readonly items: readonly string[]; readonly rest: { readonly NextToken?: string } } {
  const from = Number(NextToken);
  if (MaxResults < 1 || MaxResults > 20 || !Number.isInteger(from)) {
    throw awsError('InvalidInputException', 'You provided an invalid page.');
  }
  const items = ids.slice(from, from + MaxResults);
  const next = from + items.length;
  return { items, rest: next < ids.length ? { NextToken: String(next) } : {} };
}
