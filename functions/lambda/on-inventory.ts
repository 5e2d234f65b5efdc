/** What Lambda loads for on-inventory: the handler, composed from the function's environment. */
import { inventoryFromEnvironment } from '../../app/compose-inventory.ts';
import { onInventoryHandler } from '../on-inventory.ts';

export const handler = onInventoryHandler(inventoryFromEnvironment(process.env));
