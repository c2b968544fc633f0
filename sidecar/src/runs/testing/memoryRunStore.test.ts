import { MemoryRunStore } from './memoryRunStore.ts';
import { runStoreConformance } from './runStoreConformance.ts';

describe('the store in memory', () => runStoreConformance(() => new MemoryRunStore()));
