/**
 * SSM says that a run of a runbook has changed its status. Invoked with one EventBridge event
 * (batch.ts takes it out of its queue); what it misses, the tick finds out by asking.
 */
import { type ReceiveDeps, type Received, receive } from '../app/receive.ts';
import { entryPoint, type Invoke } from './middleware.ts';

export function onRunbookFinishedHandler(deps: ReceiveDeps): Invoke<unknown, Received> {
  return entryPoint(deps, {
    name: 'on-runbook-finished',
    handle: (event) => receive(deps, event),
    facts: (received) => ({ ...received }),
  });
}
