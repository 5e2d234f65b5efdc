/**
 * Dice that always fall the same way, so that a story is the same but for its fault: the least of
 * everything, or the most where a fault's reach is drawn (how old an answer is, how late an event).
 */
import type { Dice } from '../simulation/dice.ts';

/** How far a fault goes, of those that may go further or less far. */
export type Reach = 'least' | 'most';

/** Where the reach of a fault is drawn from. */
const reaching: ReadonlySet<string> = new Set(['aws', 'delivery', 'runs']);

/** Dice for a story; `reach` is asked whenever one falls. */
export function storyDice(reach: () => Reach): Dice {
  return diceThatFall(() => 'least', reach);
}

function diceThatFall(now: () => Reach, further: () => Reach): Dice {
  const isLeast = (): boolean => now() === 'least';
  return {
    fraction: () => (isLeast() ? 0.5 : 0.99),
    chance: (probability) => (isLeast() ? probability > 0.5 : probability >= 1),
    between: (least, most) => (isLeast() ? least : most),
    pick: (from) => {
      const picked = from.at(isLeast() ? 0 : -1);
      if (picked === undefined) throw new Error('nothing to pick from');
      return picked;
    },
    split: (name) => diceThatFall(reaching.has(name) ? further : now, further),
  };
}
