/**
 * PagerDuty tells that somebody answered a page. Only a request that it signed is read at all;
 * nothing of a body is ever logged. It wants an answer within 5 s, and repeats what it gets none
 * for: a failure is thrown.
 */
import {
  type IncidentDesk,
  type IncidentReceipt,
  receiveIncident,
} from '../app/receive-incident.ts';
import type { HttpRequest, IncidentReader } from '../domain/requests.ts';
import { entryPoint, type Invoke } from './middleware.ts';

export interface PagerDutyEventDeps extends IncidentDesk {
  readonly reader: IncidentReader;
}

export interface HttpAnswer {
  readonly statusCode: 200 | 400 | 401;
  readonly body: '';
}

type Came = IncidentReceipt | 'not ours' | 'not understood' | 'not genuine';

/**
 * The handler of `POST /pagerduty/events` (Lambda payload format 2.0). 401: not from PagerDuty,
 * nothing is kept of it. 400: from PagerDuty, but not as it is documented. 200: heard, whether it
 * concerns a rotation or not.
 */
export function onPagerDutyEventHandler(deps: PagerDutyEventDeps): Invoke<HttpRequest, HttpAnswer> {
  return entryPoint(
    { log: deps.log },
    {
      name: 'on-pagerduty-event',
      handle: async (event) => ({ statusCode: statusOf(await cameTo(deps, event)), body: '' }),
      facts: ({ statusCode }) => ({ status: statusCode }),
    },
  );
}

async function cameTo(deps: PagerDutyEventDeps, event: HttpRequest): Promise<Came> {
  const reading = await deps.reader.read(event);
  if (!reading.genuine) return 'not genuine';
  const { told } = reading;
  if (!told.ok) {
    deps.log.error('a request from PagerDuty was not understood', { problems: told.problems });
    return 'not understood';
  }
  return told.value === null ? 'not ours' : receiveIncident(deps, told.value);
}

function statusOf(came: Came): HttpAnswer['statusCode'] {
  if (came === 'not genuine') return 401;
  return came === 'not understood' ? 400 : 200;
}
