/**
 * Connections into other accounts, in a session of a role there. A session is kept until shortly
 * before it ends, and asked for once however many calls wait for it. An account that does not let
 * Keyturn in fails by itself: its own calls throw NotLetIn, and no other account hears of it.
 */
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import type { AwsCredentialIdentity } from '@smithy/types';
import { NotLetIn, Permanent } from '../domain/errors.ts';
import { type Instant, isDue, plus } from '../domain/instant.ts';
import type { Clock, Place } from '../domain/ports.ts';
import { type AwsConnection, connect } from './aws-connection.ts';
import { awsErrorName, fromAws } from './aws-error.ts';
import { withheld } from './withheld.ts';

/** Told of every session that was asked for, and what came of it. */
export interface Doorkeeper {
  opened(account: string, role: string): void;
  refused(account: string, role: string, problem: string): void;
}

export interface AssumedRoleSetup {
  /** The hub's own place and connection, whose credentials may assume the role. */
  readonly home: Place;
  readonly connection: AwsConnection;
  readonly clock: Pick<Clock, 'now'>;
  /** The same in every account. */
  readonly roleName: string;
  readonly externalId: string;
  readonly doorkeeper: Doorkeeper;
}

/**
 * The shortest that STS gives: a role that was made anew lets sessions of its predecessor do
 * nothing, and so it is noticed soon.
 * https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html (2026-11)
 */
const sessionSeconds = 900;

/** A session is not used in its last minutes: a call that has begun must come to its end. */
const spareMinutes = 3;

interface Session {
  readonly identity: Promise<AwsCredentialIdentity>;
  readonly until: Instant;
}

/** Connections by place: the same object for the same account and Region. Throws nothing itself. */
export function assumedRole(setup: AssumedRoleSetup): (place: Place) => AwsConnection {
  const sessions = new Map<string, Session>();
  const connections = new Map<string, AwsConnection>();

  const sessionIn = (place: Place): Promise<AwsCredentialIdentity> => {
    const now = setup.clock.now();
    const known = sessions.get(place.account);
    if (known !== undefined && !isDue(known.until, now)) return known.identity;
    const until = plus(now, { seconds: sessionSeconds, minutes: -spareMinutes });
    const fresh = { identity: assume(setup, place), until };
    sessions.set(place.account, fresh);
    // A failure is not kept: the next call asks again.
    fresh.identity.catch(() => {
      if (sessions.get(place.account) === fresh) sessions.delete(place.account);
    });
    return fresh.identity;
  };

  return (place) => {
    const name = `${place.partition}/${place.account}/${place.region}`;
    const known = connections.get(name);
    if (known !== undefined) return known;
    const { region } = place;
    const connection = { ...setup.connection, region, credentials: () => sessionIn(place) };
    connections.set(name, connection);
    return connection;
  };
}

async function assume(
  { home, connection, roleName, externalId, doorkeeper }: AssumedRoleSetup,
  { partition, account }: Place,
): Promise<AwsCredentialIdentity> {
  if (partition !== home.partition) {
    throw new Permanent(
      `account ${account} is in partition ${partition}: this Keyturn serves ${home.partition}`,
    );
  }
  const RoleArn = `arn:${partition}:iam::${account}:role/${roleName}`;
  const tried = `assuming role ${RoleArn}`;
  try {
    const command = new AssumeRoleCommand({
      RoleArn,
      RoleSessionName: 'keyturn',
      ExternalId: externalId,
      DurationSeconds: sessionSeconds,
    });
    const { Credentials } = await connect(STSClient, connection).send(command);
    const { AccessKeyId, SecretAccessKey, SessionToken, Expiration } = Credentials ?? {};
    if (!AccessKeyId || !SecretAccessKey || !SessionToken || !Expiration) {
      throw new Permanent(`${tried}: STS answered without credentials, or without their end`);
    }
    doorkeeper.opened(account, roleName);
    return {
      accessKeyId: AccessKeyId,
      secretAccessKey: SecretAccessKey,
      sessionToken: SessionToken,
      // Without it the SDK would keep the session for ever.
      expiration: Expiration,
    };
  } catch (error) {
    const failure = failureOf(error, tried, account, roleName);
    if (failure instanceof NotLetIn || failure instanceof Permanent) {
      doorkeeper.refused(account, roleName, failure.message);
    }
    throw failure;
  }
}

function failureOf(error: unknown, tried: string, account: string, roleName: string): Error {
  if (error instanceof Permanent) return error;
  return isRefusal(error) ? notLetIn(account, roleName, error) : fromAws(tried, withheld(error));
}

/**
 * STS says no more than that: whether the role is missing, or trusts somebody else, or an
 * organization's policy forbids it, only somebody in that account can see.
 */
function isRefusal(error: unknown): boolean {
  const name = awsErrorName(error);
  return name === 'AccessDenied' || name === 'AccessDeniedException';
}

function notLetIn(account: string, roleName: string, cause: unknown): NotLetIn {
  return new NotLetIn(
    account,
    `account ${account} does not let Keyturn in: its role ${roleName} is missing, or does not ` +
      'trust this hub with this external id; deploy the member template there (docs/accounts.md)',
    { cause: withheld(cause) },
  );
}
