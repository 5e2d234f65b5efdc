/** What the walk over our templates excuses, each with its reason: a list for reviewers. */
import type { Excused } from './walk.ts';

const listsTheAccount = 'the list of users is the account’s: AWS documents no resource for it';
const noTrailToName =
  'LookupEvents reads the account’s own history: CloudTrail has no resource to name';
const asksTheOrganization = 'AWS answers only to the management account and its delegates';

export const excused: Excused = {
  statements: {
    'Boundary/AtMost': 'a boundary gives nothing: where an action may be used, the role says',
    'CustodianRole/FindRenamedUsers': listsTheAccount,
    'CustodianRole/FindSecretsOfUsers': 'names and tags of secrets only: no narrower resource',
    'CustodianRole/ProveWhoCreatedAKey': noTrailToName,
    'EvidenceReportRole/AskConfig':
      'a query is of the account: AWS documents no resource for it, and an aggregator’s id no name',
    'OnFindingRole/FindUnitsOfAccounts': asksTheOrganization,
    'OnInventoryRole/ListAccountsServed': asksTheOrganization,
    'OnTickRole/FindUnitsOfAccounts': asksTheOrganization,
    'ReaderRole/FindParametersAndRuns': 'names, tags, numbers, states only: no narrower resource',
    'ReaderRole/FindUsersByUniqueId': listsTheAccount,
    'ReaderRole/ProveWhoCreatedAKey': noTrailToName,
    'ReaderRole/TakeInventory':
      'report and details of users are the account’s: AWS documents no resource for them',
    'WitnessRole/FindRenamedUsers': listsTheAccount,
    'WitnessRole/SeeWhichParameterIsCurrent':
      'names, tags, descriptions only: no narrower resource',
    'WitnessRole/SeeWhoUsesKeys': noTrailToName,
    'Key/AccountAdministers': 'as with every key: IAM says who of the account may administer it',
    'Key/LogsOfThisStage': 'of a key policy `*` is the key itself',
    'Key/RulesAndAlarms': 'of a key policy `*` is the key itself',
    'Key/ThroughTheServicesThatHoldIt': 'of a key policy `*` is the key itself',
  },
  resources: {
    Alarms: 'CloudWatch may not use AWS’s own key for topics; alarms carry names and numbers only',
    CodeBucket: 'holds code that member accounts fetch, which must not need our key',
    ServerlessDeploymentBucket: 'holds our code and template while they are deployed, nothing else',
  },
};
