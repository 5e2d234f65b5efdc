/**
 * A finding has come in: AWS Config or Security Hub says that a user's key is too old; or Secrets
 * Manager says that AWSCURRENT moved. Invoked with one EventBridge event (batch.ts takes it out of
 * its queue); whatever may pass is tried again.
 */
import { type ReceiveDeps, type Received, receive } from '../app/receive.ts';
import { entryPoint, type Invoke } from './middleware.ts';

export function onFindingHandler(deps: ReceiveDeps): Invoke<unknown, Received> {
  return entryPoint(deps, {
    name: 'on-finding',
    handle: (event) => receive(deps, event),
    facts: (received) => ({ ...received }),
  });
}
