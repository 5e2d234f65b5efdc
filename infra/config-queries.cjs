/**
 * Whom the weekly evidence asks what AWS Config says of keys, by the stage's `configQueries`: `account`
 * for Config of the hub's account and Region, the name of an aggregator there for all accounts that it
 * collects, or `none`. One statement of the function's role, and what it is told.
 */
const { readParameters } = require('./parameters.cjs');

/** AWS documents no resource for the one; the other names an aggregator by an id that is not its name. */
const actions = {
  none: ['config:SelectAggregateResourceConfig', 'config:SelectResourceConfig'],
  account: ['config:SelectResourceConfig'],
  aggregator: ['config:SelectAggregateResourceConfig'],
};

module.exports = async (variables) => {
  const { configQueries } = await readParameters(variables);
  const kind = ['none', 'account'].includes(configQueries) ? configQueries : 'aggregator';
  const statement = {
    Sid: kind === 'none' ? 'NeverAskConfig' : 'AskConfig',
    Effect: kind === 'none' ? 'Deny' : 'Allow',
    Action: actions[kind],
    Resource: '*',
  };
  return { statement, environment: configQueries };
};
