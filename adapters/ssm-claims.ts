/**
 * Claims on users as SSM parameters `/keyturn/claims/<user id>`. PutParameter without Overwrite is
 * what makes one of many win: it fails if the parameter is there. Nothing about them is secret.
 * https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_PutParameter.html (2026-11)
 */
import {
  DeleteParameterCommand,
  GetParameterCommand,
  PutParameterCommand,
  SSMClient,
} from '@aws-sdk/client-ssm';
import * as v from 'valibot';
import type { Claimant, Claims, Taking } from '../domain/custody.ts';
import { Permanent, Transient } from '../domain/errors.ts';
import { type Instant, instant, parseInstant } from '../domain/instant.ts';
import type { Clock } from '../domain/ports.ts';
import { type AwsConnection, connect } from './aws-connection.ts';
import { awsErrorName, fromAws } from './aws-error.ts';

interface Claim {
  readonly holder: string;
  readonly since: Instant;
}

const claimForm = v.object({
  holder: v.pipe(v.string(), v.nonEmpty()),
  since: v.pipe(
    v.string(),
    v.check((text) => parseInstant(text) !== undefined),
    v.transform(instant),
  ),
});

/** Claims on the users of the connection's account, kept in its Region. */
export function ssmClaims(connection: AwsConnection, clock: Pick<Clock, 'now'>): Claims {
  const client = connect(SSMClient, connection);
  return {
    take: async (user, holder) => {
      const name = nameOf(user);
      if (holder === '') throw new Permanent(`claiming ${name}: the holder is empty`);
      const claim = { holder, since: clock.now() };
      if (await created(client, name, claim)) return { taken: true };
      const there = await read(client, name);
      if (there === undefined) {
        throw new Transient(`claiming ${name}: somebody gave it up just now; try again`);
      }
      return takingOf(there, holder);
    },
    release: async (user, holder) => {
      const name = nameOf(user);
      const there = await read(client, name);
      if (there?.holder !== holder) return;
      try {
        await client.send(new DeleteParameterCommand({ Name: name }));
      } catch (error) {
        if (awsErrorName(error) === 'ParameterNotFound') return;
        throw fromSsm(`giving up claim ${name}`, error);
      }
    },
  };
}

function takingOf({ holder, since }: Claim, wanted: string): Taking {
  return holder === wanted ? { taken: true } : { taken: false, holder, since };
}

function nameOf({ userId }: Claimant): string {
  if (!/^AIDA[A-Z0-9]+$/.test(userId)) {
    throw new Permanent(`claiming a user: "${userId}" is not the unique id of one`);
  }
  return `/keyturn/claims/${userId}`;
}

/** Whether this call made the parameter. A lost answer shows as one that is there already. */
async function created(client: SSMClient, name: string, claim: Claim): Promise<boolean> {
  try {
    await client.send(
      new PutParameterCommand({
        Name: name,
        Type: 'String',
        Value: JSON.stringify(claim),
        Overwrite: false,
      }),
    );
    return true;
  } catch (error) {
    if (awsErrorName(error) === 'ParameterAlreadyExists') return false;
    throw fromSsm(`taking claim ${name}`, error);
  }
}

async function read(client: SSMClient, name: string): Promise<Claim | undefined> {
  const tried = `reading claim ${name}`;
  try {
    const { Parameter } = await client.send(new GetParameterCommand({ Name: name }));
    const claim = v.safeParse(claimForm, jsonOf(Parameter?.Value ?? ''));
    if (claim.success) return claim.output;
    throw new Permanent(`${tried}: it was not written by Keyturn; look at it, then delete it`);
  } catch (error) {
    if (awsErrorName(error) === 'ParameterNotFound') return undefined;
    throw fromSsm(tried, error);
  }
}

/** Two writers of one parameter at the same moment: one of them has to come again. */
function fromSsm(tried: string, error: unknown): Transient | Permanent {
  return awsErrorName(error) === 'TooManyUpdates'
    ? new Transient(`${tried}: others change it now; try again`, { cause: error })
    : fromAws(tried, error);
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
