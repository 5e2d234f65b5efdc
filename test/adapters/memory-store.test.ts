/** The store in memory keeps the promises of every store. */
import { memoryStore } from '../../adapters/memory-store.ts';
import { describeRotationStore } from '../contracts/rotation-store.ts';

describeRotationStore('memory', memoryStore);
