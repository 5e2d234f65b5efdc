/**
 * A finding has come in: AWS Config or Security Hub says that a user's key is too old. Lambda
 * invokes it with one EventBridge event and tries again whatever may pass.
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
