/** An inventory, its day, what Config said and a plan, as they are before anything is put in. */
import type { PlanReport } from '../../commands/plan-report.ts';
import type { Compliance } from '../../domain/compliance.ts';
import { instant } from '../../domain/instant.ts';
import type { InventoryDay } from '../../domain/inventory-day.ts';
import type { AccountInventory, InventoriedUser } from '../../domain/inventory-record.ts';

const account = '111122223333';
const at = instant('2026-11-15T05:00:00Z');
const date = '2026-11-15';
const keyId = 'AKIAIOSFODNN7EXAMPLE';
const problem = 'Row 3 cannot be read.';
/** Nothing that is looked at here rests on it. */
const digest = '0'.repeat(64);

const user: InventoriedUser = {
  userName: 'svc-billing',
  path: '/services/',
  ownership: 'nobody known',
  owner: 'somebody',
  team: 'payments',
  application: 'billing',
  environment: 'production',
  staleKeyIds: [keyId],
  keys: [{ slot: 1, rotatedAt: at, ageDays: 200, lastUsed: at, state: 'stale', unused: false }],
};

const sums = {
  ...{ users: 3, usersWithKeys: 2, activeKeys: 2, stale: 1, nearing: 1, unknownAge: 0 },
  ...{ unused: 0, ownerMissing: 1, ownerNobodyKnown: 1, ownerNotRead: 0 },
};

export const inventoryGiven: AccountInventory = {
  ...{ schema: 1, kind: 'inventory', date, partition: 'aws', account },
  ...{ takenAt: at, reportAt: at, sums, problems: [], digest },
  users: [user, { ...user, userName: 'svc-export', owner: null, ownership: 'missing' }],
};

export const dayGiven: InventoryDay = {
  ...{ schema: 1, kind: 'inventory-day', date, takenAt: at, digest },
  accounts: [{ account, reportAt: at, sums, digest }],
  notKept: [{ account: '444455556666', problem }],
  ownership: {
    ...{ missing: 1, nobodyKnown: 1, contradicting: 1 },
    listed: [
      { problem: 'missing', account, userName: 'svc-export', owner: null },
      { problem: 'nobody known', account, userName: 'svc-billing', owner: 'somebody' },
      {
        problem: 'contradicts',
        userName: 'svc-sync',
        tag: 'team',
        says: [
          { account, value: 'payments' },
          { account: '444455556666', value: 'platform' },
        ],
      },
    ],
  },
};

export const complianceGiven: Compliance = {
  ...{ schema: 1, kind: 'compliance', askedAt: at, rules: ['access-keys-rotated'], digest },
  askedOf: { region: 'us-east-1', aggregator: 'organization' },
  accounts: [{ account, users: 3, compliant: 1, nonCompliant: 1, notEvaluated: 1 }],
};

export const planGiven: PlanReport = {
  at,
  policy: 'policy.yml',
  keys: [
    {
      ...{ account, userName: 'svc-billing', userId: 'AIDACKCEVSQ6C2EXAMPLE', path: '/services/' },
      ...{ keyId, status: 'Active', createdAt: at, ageDays: 200, lastUsed: at, mode: 'approve' },
      action: 'replace',
      steps: [{ what: 'new key issued', at, earliest: true }],
      because: 'It is 200 days old, stale at 90.',
      standsInTheWay: 'It waits for approval.',
      owner: 'Olivia Owens',
      approvers: ['Ada Approver'],
      exempt: false,
      policy: {
        ...{ staleDays: 90, graceHours: 48, soakHours: 24, answerDays: 7, snoozeCapHours: 168 },
        ...{ window: 'any time', decidedBy: 'line 3' },
      },
    },
  ],
  unreadable: [{ account, userName: 'svc-sync', userId: null, keyId: null, problem }],
  totals: {
    ...{ accounts: 1, users: 1, keys: 1, replace: 1, retire: 0, decide: 0 },
    ...{ exempt: 0, none: 0, unknown: 0, unreadable: 1 },
  },
};
