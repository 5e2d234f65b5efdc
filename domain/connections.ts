/**
 * Where an operator keeps the credentials of Slack and PagerDuty: names of secrets, or of
 * parameters, never what they hold. One may hold all of them: then it is named three times.
 */
export interface ConnectionNames {
  /** Holds `slackBotToken`. */
  readonly slackToken: string;
  /** Holds `slackSigningSecrets`. */
  readonly slackSigning: string;
  /** Holds `pagerDutyRoutingKey`, and teams' own. */
  readonly pagerDuty: string;
}

export type Connection = keyof ConnectionNames;

export const connections = ['slackToken', 'slackSigning', 'pagerDuty'] as const;

/** One secret that holds everything. */
export function allIn(name: string): ConnectionNames {
  return { slackToken: name, slackSigning: name, pagerDuty: name };
}

/** Each secret that is named, once, with what it holds for whoever named it. */
export function heldByName(
  names: Partial<ConnectionNames>,
): ReadonlyMap<string, readonly Connection[]> {
  const held = new Map<string, readonly Connection[]>();
  for (const each of connections) {
    const name = names[each];
    if (name !== undefined) held.set(name, [...(held.get(name) ?? []), each]);
  }
  return held;
}

const shapes: Readonly<Record<Connection, string>> = {
  slackToken: '"slackBotToken": "xoxb-…"',
  slackSigning: '"slackSigningSecrets": ["…"]',
  pagerDuty: '"pagerDutyRoutingKey": "…"',
};

/** What a secret has to hold, for messages: JSON in which nothing is real. */
export function shapeOf(held: readonly Connection[]): string {
  return `{${held.map((each) => shapes[each]).join(', ')}}`;
}
