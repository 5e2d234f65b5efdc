/** Where the inventories of each day are kept: what is put there again is a further version. */
import type { FiguresOfDay } from './figures-of-day.ts';
import type { InventoryDay } from './inventory-day.ts';
import type { AccountInventory } from './inventory-record.ts';

/** Throws Transient or Permanent. Safe to do twice. */
export interface InventoryArchive {
  keepAccount(inventory: AccountInventory): Promise<void>;
  keepDay(day: InventoryDay): Promise<void>;
  keepFigures(figures: FiguresOfDay): Promise<void>;
}
